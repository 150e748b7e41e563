import { type InvitedTo, type Language, Problem } from '@api';
import { Banner, Button, TextInput } from '@ui';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { Form } from '../form/form';
import { PasswordInput } from '../form/password';
import { fieldText, generalText, PASSWORD_LENGTH } from '../form/problems';
import { setLanguage } from '../i18n';
import { EntryCard } from './frame';
import { useInvitation, useJoin } from './queries';

export function Invitation() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const token = query.get('token') ?? '';
  const found = useInvitation(token);
  const language = found.data?.language;
  // The invitation speaks the language it was written in, until somebody switches.
  useEffect(() => {
    if (language) void setLanguage(language);
  }, [language]);
  if (token && found.isPending) return null;
  if (!found.data) {
    const dead = !token || (found.error instanceof Problem && ['link_expired', 'not_found', 'invalid'].includes(found.error.code));
    return (
      <EntryCard
        title={t(dead ? 'entry.invitation.dead' : 'app.broken.title')}
        lead={dead ? t('entry.invitation.dead_lead') : generalText(t, found.error)}
        foot={<Link to="/sign-in">{t('entry.back_to_sign_in')}</Link>}
      >
        {dead ? null : (
          <Button kind="primary" size="l" icon="refresh" onPress={() => void found.refetch()}>
            {t('app.broken.retry')}
          </Button>
        )}
      </EntryCard>
    );
  }
  return <Join token={token} invited={found.data} />;
}

function Join({ token, invited }: { token: string; invited: InvitedTo }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState(invited.name);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const join = useJoin();
  const short = [...password].length < PASSWORD_LENGTH;
  const general = generalText(t, join.error, ['name', 'password']);
  return (
    <EntryCard title={t('entry.invitation.title', { workspace: invited.workspace_name })} lead={t('entry.invitation.lead', { email: invited.email })}>
      {general ? <Banner tone="bad">{general}</Banner> : null}
      <Form
        className="form"
        error={join.error}
        onSubmit={() => {
          setTried(true);
          if (name.trim() && !short)
            join.mutate(
              { token, name: name.trim(), password, language: i18n.language as Language },
              { onSuccess: () => void navigate('/', { replace: true }) },
            );
        }}
      >
        <input type="hidden" name="email" autoComplete="username" value={invited.email} readOnly />
        <TextInput
          label={t('entry.your_name')}
          name="name"
          value={name}
          onChange={setName}
          autoComplete="name"
          autoFocus
          hint={t('entry.your_name_hint')}
          error={tried && !name.trim() ? t('form.wrong.missing') : fieldText(t, join.error, 'name')}
        />
        <PasswordInput
          label={t('entry.choose_password')}
          name="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          hint={t('form.password_hint', { count: PASSWORD_LENGTH })}
          error={tried && short ? t('form.wrong.weak') : fieldText(t, join.error, 'password', 'password')}
        />
        <Button kind="primary" size="l" type="submit" isPending={join.isPending}>
          {t('entry.invitation.do')}
        </Button>
      </Form>
    </EntryCard>
  );
}
