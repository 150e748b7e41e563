import type { Message } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Icon, toast } from '@ui';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { reschedule } from '../library/queries';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { keys, putTimelineItem, type TimelinePages } from './cache';
import { undoSend } from './undo-send';

const TimeChoice = lazy(() => import('../snooze/dialog'));

/** A reply that waits for its time: when, and what its author can do about it. */
export function ScheduledLine({ message: m, mine }: { message: Message; mine: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [picking, setPicking] = useState(false);
  const act = (name: string, work: () => Promise<unknown>) => {
    setBusy(name);
    void work()
      .catch((error: unknown) => toast(problemText(t, error)))
      .finally(() => setBusy(null));
  };
  const move = (at: Date | null) =>
    reschedule(m.id, at).then((message) =>
      client.setQueryData<TimelinePages>(keys.timeline(m.conversation_id), (data) => putTimelineItem(data, { type: 'message', message })),
    );
  return (
    <div className="foot sched">
      <Icon name="clock" size={14} />
      {t('app.later.scheduled', { when: m.delivery?.send_at ? format.coming(m.delivery.send_at) : '' })}
      {mine ? (
        <>
          <Button
            size="s"
            isPending={busy === 'edit'}
            onPress={() =>
              act('edit', async () => {
                await undoSend(client, m);
                toast(t('app.later.cancelled'));
                useShell.getState().askCompose('reply');
              })
            }
          >
            {t('app.later.edit')}
          </Button>
          <Button size="s" onPress={() => setPicking(true)}>
            {t('app.later.change')}
          </Button>
          <Button size="s" isPending={busy === 'now'} onPress={() => act('now', () => move(null))}>
            {t('app.later.now')}
          </Button>
        </>
      ) : null}
      {picking ? (
        <Suspense>
          <TimeChoice
            title={t('app.later.change')}
            label={t('app.later.field')}
            icon="clock"
            action={t('app.later.action')}
            answer={false}
            onClose={() => setPicking(false)}
            onPick={(at) => {
              setPicking(false);
              act('move', () => move(at));
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
