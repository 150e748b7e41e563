import type { Inbox, InboxPatch } from '@api';
import { Banner, Button, ChoiceCards, Icon, Select, Switch, TextInput, toast } from '@ui';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams, useSearchParams } from 'react-router';
import { fieldText, generalText } from '../../form/problems';
import { useFormat } from '../../i18n/use-format';
import { faultText } from '../../mailbox/fault';
import { useTestMail, useUpdateInbox } from '../../mailbox/queries';
import { takeSetUpMark } from '../../mailbox/set-up-mark';
import { useInboxes } from '../../people/queries';
import { Broken } from '../../shell/broken';
import { useDraft } from '../draft';
import { Members } from '../members';
import { SaveBar, Section, SettingsPage } from '../page';
import { SignatureField } from '../signature';
import { ConnectionSection } from './connection';

const DAYS = ['3', '7', '14', '30', '90'];

/** One inbox: who it is, who sees it, how it answers, and how its mail flows. */
export default function InboxDetail() {
  const { id } = useParams();
  const inboxes = useInboxes();
  if (inboxes.isError && !inboxes.data) return <Broken error={inboxes.error} onRetry={() => void inboxes.refetch()} />;
  if (!inboxes.data) return <div className="col" />;
  const inbox = inboxes.data.find((one) => one.id === id);
  if (!inbox) return <Navigate to="/settings/inboxes" replace />;
  return <Detail key={inbox.id} inbox={inbox} />;
}

function Detail({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const update = useUpdateInbox();
  const [query] = useSearchParams();
  const oauth = query.get('oauth');
  const navigate = useNavigate();
  const saved = useMemo(
    () => ({
      name: inbox.name,
      address: inbox.address,
      from_name: inbox.from_name ?? '',
      signature_html: inbox.signature_html ?? '',
      open_to_all: inbox.open_to_all,
      member_ids: inbox.member_ids,
      acknowledgement: inbox.acknowledgement,
      closed_policy: inbox.closed_policy,
    }),
    [inbox],
  );
  const draft = useDraft(`inboxes/${inbox.id}`, saved);
  const { value, set, changes, discard } = draft;
  const { mutate } = update;
  const save = useCallback(() => {
    mutate(
      { id: inbox.id, ...(changes as InboxPatch) },
      {
        onSuccess: () => {
          discard();
          toast(t('settings.saved'));
        },
      },
    );
  }, [mutate, changes, discard, inbox.id, t]);
  useEffect(() => {
    if (oauth !== 'connected') return;
    toast(t('settings.inboxes.oauth_done'));
    // Somebody who left for the mail company in the middle of the set-up goes on there.
    if (takeSetUpMark()) void navigate('/setup/team', { replace: true });
  }, [oauth, t, navigate]);
  const policy = value.closed_policy;
  const acknowledgement = value.acknowledgement;
  const archive = () =>
    mutate(
      { id: inbox.id, archived: !inbox.archived },
      {
        onSuccess: () =>
          toast(t(inbox.archived ? 'settings.inboxes.restored' : 'settings.inboxes.archived_now', { name: inbox.name }), {
            undo: () => mutate({ id: inbox.id, archived: inbox.archived }),
            undoLabel: t('app.undo'),
          }),
      },
    );
  return (
    <SettingsPage
      title={inbox.name}
      lead={t('settings.inboxes.detail_lead', { address: inbox.address })}
      back={{ to: '/settings/inboxes', label: t('settings.page.inboxes.title') }}
      saveBar={<SaveBar draft={draft} onSave={save} isSaving={update.isPending} error={generalText(t, update.error)} />}
    >
      {inbox.archived ? (
        <Banner
          tone="info"
          action={
            <Button kind="link" onPress={archive}>
              {t('settings.inboxes.restore')}
            </Button>
          }
        >
          {t('settings.inboxes.is_archived')}
        </Banner>
      ) : null}
      {oauth && oauth !== 'connected' ? <Banner tone="bad">{t('settings.inboxes.oauth_failed')}</Banner> : null}
      <Health inbox={inbox} />
      <ConnectionSection inbox={inbox} />
      <Section title={t('settings.inboxes.who')} hint={t('settings.inboxes.who_hint')}>
        <TextInput
          label={t('settings.inboxes.name')}
          value={value.name}
          onChange={(name) => set({ name })}
          hint={t('settings.inboxes.name_hint')}
          error={fieldText(t, update.error, 'name')}
        />
        <TextInput
          label={t('mailbox.address')}
          type="email"
          value={value.address}
          onChange={(address) => set({ address })}
          error={fieldText(t, update.error, 'address', 'email')}
        />
        <TextInput
          label={t('settings.inboxes.from_name')}
          value={value.from_name}
          onChange={(from_name) => set({ from_name })}
          hint={t('settings.inboxes.from_name_hint')}
          error={fieldText(t, update.error, 'from_name')}
        />
        <SignatureField
          label={t('settings.inboxes.signature')}
          hint={t('settings.inboxes.signature_hint')}
          value={value.signature_html}
          onChange={(signature_html) => set({ signature_html })}
        />
      </Section>
      <Section title={t('chat.widget.open')} hint={t('chat.widget.open_hint')}>
        <Button icon="chat" onPress={() => void navigate(`/settings/inboxes/${inbox.id}/widget`)}>
          {t('chat.widget.title')}
        </Button>
      </Section>
      <Section title={t('settings.inboxes.access')} hint={t('settings.inboxes.access_hint')}>
        <ChoiceCards
          label={t('settings.inboxes.access')}
          hideLabel
          value={value.open_to_all ? 'all' : 'some'}
          onChange={(next) => set({ open_to_all: next === 'all' })}
          items={[
            { id: 'all', label: t('settings.inboxes.open_to_all') },
            { id: 'some', label: t('settings.inboxes.only_members'), hint: t('settings.inboxes.only_members_hint') },
          ]}
        />
        {value.open_to_all ? null : <Members label={t('settings.inboxes.members')} value={value.member_ids} onChange={(member_ids) => set({ member_ids })} />}
      </Section>
      <Section title={t('settings.inboxes.ack')} hint={t('settings.inboxes.ack_hint')}>
        <Switch isSelected={acknowledgement.enabled} onChange={(enabled) => set({ acknowledgement: { ...acknowledgement, enabled } })}>
          {t('settings.inboxes.ack_on')}
        </Switch>
        {acknowledgement.enabled ? (
          <>
            <TextInput
              label={t('app.subject')}
              value={acknowledgement.subject}
              onChange={(subject) => set({ acknowledgement: { ...acknowledgement, subject } })}
              error={fieldText(t, update.error, 'acknowledgement.subject')}
            />
            <TextInput
              label={t('settings.inboxes.ack_text')}
              multiline
              rows={5}
              value={acknowledgement.text}
              onChange={(text) => set({ acknowledgement: { ...acknowledgement, text } })}
              error={fieldText(t, update.error, 'acknowledgement.text')}
            />
          </>
        ) : null}
      </Section>
      <Section title={t('settings.inboxes.closed')} hint={t('settings.inboxes.closed_hint')}>
        <ChoiceCards
          label={t('settings.inboxes.closed')}
          hideLabel
          value={policy.kind}
          onChange={(kind) => set({ closed_policy: { kind, days: kind === 'new_after' ? (policy.days ?? 14) : null } })}
          items={(['reopen', 'new', 'new_after'] as const).map((id) => ({ id, label: t(`settings.inboxes.policy.${id}`) }))}
        />
        {policy.kind === 'new_after' ? (
          <Select
            label={t('settings.inboxes.after_days')}
            value={String(policy.days ?? 14)}
            onChange={(days) => set({ closed_policy: { kind: 'new_after', days: Number(days) } })}
            items={[...new Set([...DAYS, String(policy.days ?? 14)])]
              .sort((a, b) => Number(a) - Number(b))
              .map((id) => ({ id, label: t('settings.inboxes.days', { count: Number(id) }) }))}
          />
        ) : null}
      </Section>
      {inbox.archived ? null : (
        <Section title={t('settings.inboxes.archive')} hint={t('settings.inboxes.archive_hint')}>
          <Button onPress={archive} isPending={update.isPending && update.variables?.archived !== undefined}>
            {t('settings.inboxes.archive_do')}
          </Button>
        </Section>
      )}
    </SettingsPage>
  );
}

/** How both directions are, and a way to see it with one's own eyes. */
function Health({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const format = useFormat();
  const send = useTestMail();
  const { status, outgoing } = inbox.connection;
  const icons = { ok: 'circlecheck', failing: 'alert', off: 'pause', waiting: 'clock' } as const;
  return (
    <Section title={t('settings.inboxes.how_it_is')} hint={t('settings.inboxes.how_it_is_hint')}>
      <div className="stack">
        {(['incoming', 'outgoing'] as const).map((side) => (
          <div key={side} className="health-line" data-state={status[side].state}>
            <Icon name={icons[status[side].state]} size={18} />
            <span className="wrap-any">
              <b className="strong">{t(`mailbox.test.${side}`)}:</b> {t(`settings.inboxes.health.${status[side].state}`)}
              {status[side].since ? <span className="dim"> · {t('settings.inboxes.since', { when: format.ago(status[side].since) })}</span> : null}
              {status[side].state === 'failing' ? <span className="dim"> · {faultText(t, status[side])}</span> : null}
            </span>
          </div>
        ))}
      </div>
      {send.isError ? <Banner tone="bad">{generalText(t, send.error)}</Banner> : null}
      <div className="row">
        <Button
          icon="send"
          isDisabled={outgoing.kind === 'none'}
          isPending={send.isPending}
          onPress={() => send.mutate(inbox.id, { onSuccess: ({ to }) => toast(t('settings.inboxes.test_sent', { address: to })) })}
        >
          {t('settings.inboxes.send_test')}
        </Button>
      </div>
    </Section>
  );
}
