import type { Language } from '@api';
import { Select, TextInput, toast } from '@ui';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldText, generalText } from '../../form/problems';
import { TimeZonePicker } from '../../form/time-zone-picker';
import { useMe } from '../../session/queries';
import { useDraft } from '../draft';
import { SaveBar, Section, SettingsPage } from '../page';
import { useUpdateWorkspace } from './queries';

/** Name, language and time zone of the whole house. */
export default function WorkspacePage() {
  const { t } = useTranslation();
  const { workspace } = useMe();
  const update = useUpdateWorkspace();
  const saved = useMemo(() => ({ name: workspace.name, language: workspace.language, time_zone: workspace.time_zone }), [workspace]);
  const draft = useDraft('workspace', saved);
  const { value, set, changes, discard } = draft;
  const { mutate } = update;
  const save = useCallback(() => {
    mutate(changes, {
      onSuccess: () => {
        discard();
        toast(t('settings.saved'));
      },
    });
  }, [mutate, changes, discard, t]);
  return (
    <SettingsPage
      title={t('settings.page.workspace.title')}
      lead={t('settings.page.workspace.lead')}
      saveBar={<SaveBar draft={draft} onSave={save} isSaving={update.isPending} error={generalText(t, update.error)} />}
    >
      <Section title={t('form.name')} hint={t('settings.workspace.name_hint')}>
        <TextInput label={t('form.name')} value={value.name} onChange={(name) => set({ name })} error={fieldText(t, update.error, 'name')} />
        {workspace.public_url ? (
          <TextInput
            label={t('settings.workspace.address')}
            value={workspace.public_url}
            onChange={() => undefined}
            isReadOnly
            hint={t('settings.workspace.address_hint')}
          />
        ) : null}
      </Section>
      <Section title={t('settings.workspace.language')} hint={t('settings.workspace.language_hint')}>
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
      </Section>
    </SettingsPage>
  );
}
