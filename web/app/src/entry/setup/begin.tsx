import { type Language, Problem } from '@api';
import { Banner, Button, Select, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Form } from '../../form/form';
import { PasswordInput } from '../../form/password';
import { fieldText, generalText, isAddress, PASSWORD_LENGTH } from '../../form/problems';
import { ownTimeZone } from '../../form/time-zone';
import { TimeZonePicker } from '../../form/time-zone-picker';
import { useSetUp } from '../queries';
import { SetUpFrame } from './frame';

/** Workspace, then owner; both are sent together, so that there is never one without the other. */
export function Begin({ token }: { token: string }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const [step, setStep] = useState<'workspace' | 'owner'>('workspace');
  const [tried, setTried] = useState(false);
  const [workspace, setWorkspace] = useState({ name: '', language: null as Language | null, time_zone: ownTimeZone() });
  const [owner, setOwner] = useState({ name: '', email: '', password: '' });
  const setUp = useSetUp();
  const language = workspace.language ?? (i18n.language as Language);
  const error = setUp.error;
  const needed = (text: string) => (tried && !text.trim() ? t('form.wrong.missing') : undefined);

  if (step === 'workspace')
    return (
      <SetUpFrame step="workspace" lead={t('entry.step.workspace.lead')}>
        <Form
          className="form"
          error={error}
          onSubmit={() => {
            setTried(!workspace.name.trim());
            if (workspace.name.trim()) setStep('owner');
          }}
        >
          <TextInput
            label={t('entry.workspace_name')}
            value={workspace.name}
            onChange={(name) => setWorkspace({ ...workspace, name })}
            hint={t('entry.workspace_name_hint')}
            autoComplete="organization"
            autoFocus
            error={needed(workspace.name) ?? fieldText(t, error, 'workspace.name')}
          />
          <Select<Language>
            label={t('form.language')}
            value={language}
            onChange={(next) => setWorkspace({ ...workspace, language: next })}
            items={[
              { id: 'en', label: t('app.language.en') },
              { id: 'ko', label: t('app.language.ko') },
            ]}
            hint={t('entry.workspace_language_hint')}
          />
          <TimeZonePicker
            label={t('form.time_zone')}
            value={workspace.time_zone}
            onChange={(time_zone) => setWorkspace({ ...workspace, time_zone })}
            hint={t('entry.time_zone_hint')}
          />
          <div className="row">
            <Button kind="primary" size="l" type="submit">
              {t('entry.next')}
            </Button>
          </div>
        </Form>
      </SetUpFrame>
    );

  const short = [...owner.password].length < PASSWORD_LENGTH;
  const general = generalText(t, error, ['owner.name', 'owner.email', 'owner.password']);
  const backToName = error instanceof Problem && error.errors.some((one) => one.field.startsWith('workspace.'));
  return (
    <SetUpFrame step="owner" lead={t('entry.step.owner.lead', { workspace: workspace.name.trim() })}>
      <Form
        className="form"
        error={error}
        onSubmit={() => {
          setTried(true);
          if (!owner.name.trim() || !isAddress(owner.email) || short) return;
          setUp.mutate(
            {
              token,
              workspace: { name: workspace.name.trim(), language, time_zone: workspace.time_zone },
              owner: { name: owner.name.trim(), email: owner.email.trim(), password: owner.password },
            },
            { onSuccess: () => void navigate('/setup/mailbox', { replace: true }) },
          );
        }}
      >
        {general ? <Banner tone="bad">{general}</Banner> : null}
        <TextInput
          label={t('entry.your_name')}
          value={owner.name}
          onChange={(name) => setOwner({ ...owner, name })}
          hint={t('entry.your_name_hint')}
          autoComplete="name"
          autoFocus
          error={needed(owner.name) ?? fieldText(t, error, 'owner.name')}
        />
        <TextInput
          label={t('entry.your_email')}
          type="email"
          value={owner.email}
          onChange={(email) => setOwner({ ...owner, email })}
          hint={t('entry.your_email_hint')}
          autoComplete="username"
          error={needed(owner.email) ?? (tried && !isAddress(owner.email) ? t('form.wrong.email') : fieldText(t, error, 'owner.email', 'email'))}
        />
        <PasswordInput
          label={t('entry.choose_password')}
          value={owner.password}
          onChange={(password) => setOwner({ ...owner, password })}
          hint={t('form.password_hint', { count: PASSWORD_LENGTH })}
          autoComplete="new-password"
          error={tried && short ? t('form.wrong.weak') : fieldText(t, error, 'owner.password', 'password')}
        />
        <div className="row">
          <Button kind="primary" size="l" type="submit" isPending={setUp.isPending}>
            {t('entry.step.owner.do')}
          </Button>
          <Button
            kind="quiet"
            size="l"
            onPress={() => {
              setTried(false);
              setStep('workspace');
            }}
          >
            {t(backToName ? 'entry.check_workspace' : 'app.back')}
          </Button>
        </div>
      </Form>
    </SetUpFrame>
  );
}
