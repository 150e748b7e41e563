import '../routing/routing.css';
import type { AvailabilityReason, AvailabilityState, Queue } from '@api';
import { Button, Chip, Icon, IconButton, Select, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAvailabilitySettings, useSaveAvailabilitySettings } from '../availability/queries';
import { FormDialog } from '../form/dialog';
import { generalText } from '../form/problems';
import { Entries, Entry, ListPage } from '../settings/list-page';
import { RemoveDialog } from '../settings/remove-dialog';
import { problemText } from '../shell/problem-text';
import { QueueDialog } from './dialog';
import { useDeleteQueue, useOrderQueues, useQueues } from './queries';

const STATES: readonly AvailabilityState[] = ['online', 'away', 'busy', 'transfers_only', 'offline'];

/** Who answers which conversations, and by which rule. */
export default function Queues() {
  const { t } = useTranslation();
  const queues = useQueues();
  const order = useOrderQueues();
  const remove = useDeleteQueue();
  const [editing, setEditing] = useState<Queue | null>(null);
  const [leaving, setLeaving] = useState<Queue | null>(null);
  const [reasons, setReasons] = useState(false);
  const all = queues.data ?? [];
  const swap = (one: Queue, other: Queue | undefined) => {
    if (other)
      order.mutate(
        all.map((q) => (q.id === one.id ? other : q.id === other.id ? one : q)),
        { onError: (error) => toast(problemText(t, error)) },
      );
  };
  const words = (q: Queue) =>
    [
      t(`routing.queue.strategy.${q.rule.strategy}`),
      t(q.rule.offers ? 'routing.queue.offers_short' : 'routing.queue.gives_short'),
      q.agent_ids.length + q.team_ids.length === 0 ? t('routing.queue.everybody') : '',
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <ListPage
      title={t('settings.page.queues.title')}
      lead={t('settings.page.queues.lead')}
      query={queues}
      empty={{ icon: 'sort', title: t('routing.queue.none'), hint: t('routing.queue.none_hint') }}
      add={{ label: t('routing.queue.add'), dialog: (onClose) => <QueueDialog queue={null} all={all} onClose={onClose} /> }}
      dialogs={
        <>
          {editing ? <QueueDialog queue={editing} all={all} onClose={() => setEditing(null)} /> : null}
          {reasons ? <Reasons onClose={() => setReasons(false)} /> : null}
          <RemoveDialog
            item={leaving}
            removal={remove}
            words={{
              title: ({ name }) => t('routing.queue.remove_title', { name }),
              text: t('routing.queue.remove_text'),
              done: ({ name }) => t('routing.queue.removed', { name }),
            }}
            onClose={() => setLeaving(null)}
          />
        </>
      }
    >
      {(items) => (
        <>
          <Entries>
            {items.map((queue, at) => (
              <Entry
                key={queue.id}
                sign={<Icon name="sort" />}
                name={queue.name}
                detail={words(queue)}
                acts={
                  <>
                    <Chip>{t('routing.queue.priority_short', { n: queue.rule.priority })}</Chip>
                    <IconButton
                      icon="up"
                      label={t('settings.fields.up', { name: queue.name })}
                      isDisabled={at === 0}
                      onPress={() => swap(queue, items[at - 1])}
                    />
                    <IconButton
                      icon="down"
                      label={t('settings.fields.down', { name: queue.name })}
                      isDisabled={at === items.length - 1}
                      onPress={() => swap(queue, items[at + 1])}
                    />
                    <IconButton icon="pen" label={t('settings.fields.edit', { name: queue.name })} onPress={() => setEditing(queue)} />
                    <IconButton icon="trash" label={t('routing.queue.remove', { name: queue.name })} onPress={() => setLeaving(queue)} />
                  </>
                }
              />
            ))}
          </Entries>
          <div>
            <Button kind="quiet" icon="clock" onPress={() => setReasons(true)}>
              {t('routing.reasons.title')}
            </Button>
          </div>
        </>
      )}
    </ListPage>
  );
}

/** How long signs of an agent count, and the workspace's own names for states. */
function Reasons({ onClose }: { onClose: () => void }) {
  const settings = useAvailabilitySettings().data;
  return settings ? <ReasonsForm key={settings.grace_seconds} kept={settings} onClose={onClose} /> : null;
}

function ReasonsForm({ kept, onClose }: { kept: NonNullable<ReturnType<typeof useAvailabilitySettings>['data']>; onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveAvailabilitySettings();
  const [idle, setIdle] = useState(kept.idle_minutes === null ? '' : String(kept.idle_minutes));
  const [grace, setGrace] = useState(String(kept.grace_seconds));
  const [reasons, setReasons] = useState<AvailabilityReason[]>(kept.reasons);
  const put = (at: number, next: AvailabilityReason) => setReasons(reasons.map((one, n) => (n === at ? next : one)));
  return (
    <FormDialog
      title={t('routing.reasons.title')}
      isPending={save.isPending}
      problem={generalText(t, save.error)}
      onSubmit={() =>
        save.mutate(
          {
            grace_seconds: Number.parseInt(grace, 10) || 0,
            idle_minutes: idle.trim() ? Number.parseInt(idle, 10) || 0 : null,
            reasons: reasons.filter((one) => one.name.trim()).map((one) => ({ ...one, name: one.name.trim() })),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <TextInput label={t('routing.reasons.idle')} hint={t('routing.reasons.idle_hint')} value={idle} onChange={setIdle} inputMode="numeric" />
      <TextInput label={t('routing.reasons.grace')} hint={t('routing.reasons.grace_hint')} value={grace} onChange={setGrace} inputMode="numeric" />
      <h3>{t('routing.reasons.names')}</h3>
      {reasons.map((reason, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a reason is its place
        <div className="view-pair" key={at}>
          <TextInput label={t('form.name')} value={reason.name} onChange={(name) => put(at, { ...reason, name })} />
          <Select
            label={t('routing.reasons.means')}
            value={reason.state}
            onChange={(state) => put(at, { ...reason, state })}
            items={STATES.map((state) => ({ id: state, label: t(`routing.state.${state}`) }))}
          />
        </div>
      ))}
      <div>
        <Button kind="quiet" size="s" icon="plus" onPress={() => setReasons([...reasons, { name: '', state: 'away' }])}>
          {t('routing.reasons.add')}
        </Button>
      </div>
    </FormDialog>
  );
}
