import type { Language, Preferences } from '@api';
import { Banner, Button, Segmented, Select, TextInput, toast } from '@ui';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Form } from '../../form/form';
import { PasswordInput } from '../../form/password';
import { fieldText, generalText, PASSWORD_LENGTH } from '../../form/problems';
import { TimeZonePicker } from '../../form/time-zone-picker';
import { useMe, useUpdateMe } from '../../session/queries';
import { useDraft } from '../draft';
import { SaveBar, Section, SettingsPage } from '../page';
import { SignatureField } from '../signature';
import { useChangePassword } from './queries';

const UNDO = [0, 5, 10, 20, 30, 60];

/** The signed-in person's own name, language, looks, signature and password. */
export default function Profile() {
  const { t } = useTranslation();
  const { agent, workspace } = useMe();
  const update = useUpdateMe();
  const saved = useMemo(
    () => ({
      name: agent.name,
      language: agent.language,
      time_zone: agent.time_zone || workspace.time_zone,
      signature_html: agent.signature_html ?? '',
      preferences: agent.preferences,
    }),
    [agent, workspace.time_zone],
  );
  const draft = useDraft('profile', saved);
  const { value, set } = draft;
  const preferences = (change: Partial<Preferences>) => set({ preferences: { ...value.preferences, ...change } });
  const { changes, discard } = draft;
  const { mutate } = update;
  const save = useCallback(() => {
    mutate(changes, {
      onSuccess: () => {
        discard();
        toast(t('settings.saved'));
      },
    });
  }, [mutate, changes, discard, t]);
  const seconds = [...new Set([...UNDO, saved.preferences.undo_seconds])].sort((a, b) => a - b);
  return (
    <SettingsPage
      title={t('settings.page.profile.title')}
      lead={t('settings.page.profile.lead')}
      saveBar={<SaveBar draft={draft} onSave={save} isSaving={update.isPending} error={generalText(t, update.error)} />}
    >
      <Section title={t('settings.profile.you')} hint={t('settings.profile.you_hint')}>
        <TextInput
          label={t('form.name')}
          value={value.name}
          onChange={(name) => set({ name })}
          autoComplete="name"
          error={fieldText(t, update.error, 'name')}
        />
        <TextInput label={t('form.email')} value={agent.email} onChange={() => undefined} isReadOnly hint={t('settings.profile.email_hint')} />
        <SignatureField
          label={t('settings.profile.signature')}
          hint={t('settings.profile.signature_hint')}
          value={value.signature_html}
          onChange={(signature_html) => set({ signature_html })}
        />
      </Section>
      <Section title={t('settings.profile.screen')} hint={t('settings.profile.screen_hint')}>
        <Select<Language>
          label={t('form.language')}
          value={value.language}
          onChange={(language) => set({ language })}
          items={[
            { id: 'en', label: t('app.language.en') },
            { id: 'ko', label: t('app.language.ko') },
          ]}
        />
        <TimeZonePicker label={t('form.time_zone')} value={value.time_zone} onChange={(time_zone) => set({ time_zone })} />
        <div className="field">
          <span className="label">{t('app.theme.label')}</span>
          <div>
            <Segmented
              label={t('app.theme.label')}
              value={value.preferences.theme}
              onChange={(theme) => preferences({ theme })}
              items={(['system', 'light', 'dark'] as const).map((id) => ({ id, label: t(`settings.profile.theme.${id}`) }))}
            />
          </div>
        </div>
        <div className="field">
          <span className="label">{t('app.density.label')}</span>
          <div>
            <Segmented
              label={t('app.density.label')}
              value={value.preferences.density}
              onChange={(density) => preferences({ density })}
              items={(['comfortable', 'compact'] as const).map((id) => ({ id, label: t(`settings.profile.density.${id}`) }))}
            />
          </div>
        </div>
      </Section>
      <Section title={t('settings.profile.sending')} hint={t('settings.profile.sending_hint')}>
        <Select
          label={t('settings.profile.undo')}
          value={String(value.preferences.undo_seconds)}
          onChange={(id) => preferences({ undo_seconds: Number(id) })}
          items={seconds.map((n) => ({ id: String(n), label: n === 0 ? t('settings.profile.undo_none') : t('settings.profile.undo_seconds', { count: n }) }))}
        />
      </Section>
      <PasswordSection />
    </SettingsPage>
  );
}

function PasswordSection() {
  const { t } = useTranslation();
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const short = [...next].length < PASSWORD_LENGTH;
  const general = generalText(t, change.error, ['current', 'new']);
  return (
    <Section title={t('form.password')} hint={t('settings.profile.password_hint')}>
      <Form
        className="sec-in"
        error={change.error}
        onSubmit={() => {
          setTried(true);
          if (!current || short) return;
          change.mutate(
            { current, new: next },
            {
              onSuccess: () => {
                setCurrent('');
                setNext('');
                setTried(false);
                toast(t('settings.profile.password_changed'));
              },
            },
          );
        }}
      >
        {general ? <Banner tone="bad">{general}</Banner> : null}
        <PasswordInput
          label={t('settings.profile.current')}
          name="current"
          value={current}
          onChange={setCurrent}
          autoComplete="current-password"
          error={tried && !current ? t('form.wrong.missing') : fieldText(t, change.error, 'current', 'current')}
        />
        <PasswordInput
          label={t('settings.profile.new_password')}
          name="new"
          value={next}
          onChange={setNext}
          autoComplete="new-password"
          hint={t('form.password_hint', { count: PASSWORD_LENGTH })}
          error={tried && short ? t('form.wrong.weak') : fieldText(t, change.error, 'new', 'password')}
        />
        <Button type="submit" isPending={change.isPending}>
          {t('settings.profile.change_password')}
        </Button>
      </Form>
    </Section>
  );
}
