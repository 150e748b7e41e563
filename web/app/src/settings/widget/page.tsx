import './widget.css';
import type { Widget, WidgetSettings } from '@api';
import { Banner, Button, ChoiceCards, Select, Switch, TextInput, toast } from '@ui';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { fieldText, generalText } from '../../form/problems';
import { useInboxes } from '../../people/queries';
import { Broken } from '../../shell/broken';
import { useDraft } from '../draft';
import { SaveBar, Section, SettingsPage } from '../page';
import { useSaveWidget, useWidget } from './queries';
import { Questions } from './questions';
import { Secret } from './secret';
import { Snippet } from './snippet';
import { TwoWords } from './two-words';
import { Visitors } from './visitors';

const MINUTES = ['1', '2', '5', '10', '30', '60'];
const MEGABYTE = 1024 * 1024;
const SIZES = ['1', '5', '10', '20'];

/** The messenger of an inbox on one's own site. */
export default function WidgetPage() {
  const { id = '' } = useParams();
  const inboxes = useInboxes();
  const widget = useWidget(id);
  if (inboxes.isError && !inboxes.data) return <Broken error={inboxes.error} onRetry={() => void inboxes.refetch()} />;
  if (widget.isError && !widget.data) return <Broken error={widget.error} onRetry={() => void widget.refetch()} />;
  if (!inboxes.data || !widget.data) return <div className="col" />;
  const inbox = inboxes.data.find((one) => one.id === id);
  if (!inbox) return <Navigate to="/settings/inboxes" replace />;
  return <Detail key={id} widget={widget.data} name={inbox.name} />;
}

/** Addresses as one types or copies them: what follows the host is not part of a site's address. */
const origins = (text: string): string[] =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .map((one) => /^(https?:\/\/[^/]+)\//i.exec(one)?.[1]?.toLowerCase() ?? one);

function Detail({ widget, name }: { widget: Widget; name: string }) {
  const { t } = useTranslation();
  const save = useSaveWidget(widget.inbox_id);
  const draft = useDraft<WidgetSettings>(`widget/${widget.inbox_id}`, widget.settings);
  const { value, set, discard } = draft;
  const [sites, setSites] = useState(() => value.origins.join('\n'));
  const { mutate } = save;
  const submit = useCallback(() => {
    mutate(
      { settings: value, version: widget.version },
      {
        onSuccess: () => {
          discard();
          toast(t('settings.saved'));
        },
      },
    );
  }, [mutate, value, widget.version, discard, t]);
  const error = save.error;
  return (
    <SettingsPage
      title={t('chat.widget.title')}
      lead={t('chat.widget.lead', { name })}
      back={{ to: `/settings/inboxes/${widget.inbox_id}`, label: name }}
      saveBar={<SaveBar draft={draft} onSave={submit} isSaving={save.isPending} error={generalText(t, error)} />}
    >
      <Section title={t('chat.widget.install')} hint={t('chat.widget.install_hint')}>
        {widget.key ? (
          <>
            <Switch isSelected={value.enabled} onChange={(enabled) => set({ enabled })}>
              {t('chat.widget.enabled')}
            </Switch>
            <Snippet code={widget.key} />
          </>
        ) : (
          <>
            <Banner tone="info">{t('chat.widget.none')}</Banner>
            <Button kind="primary" isPending={save.isPending} onPress={submit}>
              {t('chat.widget.make')}
            </Button>
          </>
        )}
      </Section>
      <Section title={t('chat.widget.look')} hint={t('chat.widget.look_hint')}>
        <TextInput
          label={t('chat.widget.name')}
          value={value.name ?? ''}
          placeholder={name}
          onChange={(next) => set({ name: next.trim() ? next : null })}
          error={fieldText(t, error, 'name')}
        />
        <TextInput
          label={t('chat.widget.colour')}
          hint={t('chat.widget.colour_hint')}
          value={value.theme.colour}
          onChange={(colour) => set({ theme: { ...value.theme, colour } })}
          error={fieldText(t, error, 'theme.colour')}
          before={
            <input
              type="color"
              className="swatch"
              aria-label={t('chat.widget.colour_pick')}
              value={/^#[0-9a-f]{6}$/i.test(value.theme.colour) ? value.theme.colour : undefined}
              onChange={(event) => set({ theme: { ...value.theme, colour: event.target.value } })}
            />
          }
        />
        <ChoiceCards
          label={t('chat.widget.position')}
          value={value.theme.position}
          onChange={(position) => set({ theme: { ...value.theme, position } })}
          compact
          items={(['left', 'right'] as const).map((id) => ({ id, label: t(`chat.widget.${id}`) }))}
        />
      </Section>
      <Section title={t('chat.widget.words')} hint={t('chat.widget.words_hint')}>
        <TwoWords label={t('chat.widget.greeting')} value={value.greeting} onChange={(greeting) => set({ greeting })} error={fieldText(t, error, 'greeting')} />
        <TwoWords
          label={t('chat.widget.away_text')}
          value={value.away_text}
          onChange={(away_text) => set({ away_text })}
          error={fieldText(t, error, 'away_text')}
        />
      </Section>
      <Section title={t('chat.widget.agent')} hint={t('chat.widget.agent_hint')}>
        <TwoWords
          label={t('chat.widget.agent_greeting')}
          value={value.agent_greeting}
          onChange={(agent_greeting) => set({ agent_greeting })}
          error={fieldText(t, error, 'agent_greeting')}
        />
        <p className="hint">{t('chat.widget.agent_variables', { open: '{{', shut: '}}' })}</p>
        <Switch isSelected={value.greets_itself} onChange={(greets_itself) => set({ greets_itself })}>
          {t('chat.widget.greets_itself')}
        </Switch>
        <Switch isSelected={value.callback} onChange={(callback) => set({ callback })}>
          {t('chat.widget.callback')}
        </Switch>
      </Section>
      <Section title={t('chat.widget.sites')} hint={t('chat.widget.sites_hint')}>
        <TextInput
          label={t('chat.widget.sites_field')}
          hint={t('chat.widget.sites_example')}
          multiline
          rows={4}
          value={sites}
          onChange={(next) => {
            setSites(next);
            set({ origins: origins(next) });
          }}
          error={fieldText(t, error, 'origins')}
        />
        {value.origins.length === 0 ? <Banner tone="info">{t('chat.widget.any_site')}</Banner> : null}
      </Section>
      <Section title={t('chat.widget.before')} hint={t('chat.widget.before_hint')}>
        <ChoiceCards
          label={t('chat.widget.before')}
          hideLabel
          value={value.pre_chat.when}
          onChange={(when) => set({ pre_chat: { ...value.pre_chat, when } })}
          items={(['never', 'away', 'always'] as const).map((id) => ({ id, label: t(`chat.widget.ask.${id}`) }))}
        />
        {value.pre_chat.when === 'never' ? null : (
          <Questions
            value={value.pre_chat.fields}
            onChange={(fields) => set({ pre_chat: { ...value.pre_chat, fields } })}
            error={fieldText(t, error, 'pre_chat.fields')}
          />
        )}
      </Section>
      <Section title={t('chat.widget.mail')} hint={t('chat.widget.mail_hint')}>
        <Select
          label={t('chat.widget.mail_after')}
          value={String(Math.round(value.mail_after / 60))}
          onChange={(minutes) => set({ mail_after: Number(minutes) * 60 })}
          items={[...new Set([...MINUTES, String(Math.round(value.mail_after / 60))])]
            .sort((a, b) => Number(a) - Number(b))
            .map((id) => ({ id, label: t('chat.minutes', { count: Number(id) }) }))}
        />
      </Section>
      <Section title={t('chat.widget.privacy')} hint={t('chat.widget.privacy_hint')}>
        <Switch isSelected={value.files.enabled} onChange={(enabled) => set({ files: { ...value.files, enabled } })}>
          {t('chat.widget.files')}
        </Switch>
        {value.files.enabled ? (
          <Select
            label={t('chat.widget.files_size')}
            value={String(Math.max(1, Math.round(value.files.max_bytes / MEGABYTE)))}
            onChange={(size) => set({ files: { ...value.files, max_bytes: Number(size) * MEGABYTE } })}
            items={SIZES.map((id) => ({ id, label: `${id} MB` }))}
          />
        ) : null}
        <Switch isSelected={value.page} onChange={(page) => set({ page })}>
          {t('chat.widget.page')}
        </Switch>
        <Switch isSelected={value.typing_preview} onChange={(typing_preview) => set({ typing_preview })}>
          {t('chat.widget.typing')}
        </Switch>
        <Switch isSelected={value.full_names} onChange={(full_names) => set({ full_names })}>
          {t('chat.widget.full_names')}
        </Switch>
      </Section>
      <Visitors inbox={widget.inbox_id} value={value} set={set} error={fieldText(t, error, 'invitations.rules') ?? fieldText(t, error, 'invitations.days')} />
      <Section title={t('chat.widget.identity')} hint={t('chat.widget.identity_hint')}>
        <Switch isSelected={value.identity_required} onChange={(identity_required) => set({ identity_required })}>
          {t('chat.widget.identity_required')}
        </Switch>
        {widget.key ? <Secret inbox={widget.inbox_id} exists={widget.has_secret} /> : null}
      </Section>
    </SettingsPage>
  );
}
