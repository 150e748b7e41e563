import { memo } from 'react';
import './plan.css';
import type { Reminder } from '@api';
import { Button, Icon, IconButton, toast } from '@ui';
import { useTranslation } from 'react-i18next';
import { useConversation } from '../conversation/queries';
import { useActions } from '../conversation/use-actions';
import { isOver } from '../i18n/format';
import { useFormat } from '../i18n/use-format';
import { useMay } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { useAddReminder, useCancelReminder, useReminders } from './queries';
import { usePlan } from './state';

/** What is to come of a conversation: until when it is to be done, and what one wants to be reminded of oneself. */
const PlanCard = memo(function PlanCard({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = useActions();
  const may = useMay('conversation.write');
  const { data: conversation } = useConversation(conversationId);
  const reminders = useReminders(conversationId).data ?? [];
  const { show } = usePlan.getState();
  if (!conversation || conversation.beside) return null;
  const open = may && !conversation.shelf && !conversation.merged_into;
  const due = conversation.due_at;
  const over = due !== null && due !== undefined && isOver(due, format.now) && conversation.status.kind !== 'resolved';
  if (!open && !due && reminders.length === 0) return null;
  return (
    <section aria-label={t('work.plan.title')} className="plan">
      <h3 className="ctx-h">
        <span>{t('work.plan.title')}</span>
      </h3>
      <div className="plan-row" data-over={over || undefined}>
        <Icon name="clock" size={16} />
        <span className="grow t1">
          {due ? (
            <span title={format.exact(due)}>{t(over ? 'app.due.was' : 'app.due.by', { when: over ? format.thread(due) : format.coming(due) })}</span>
          ) : (
            <span className="faint">{t('work.plan.no_due')}</span>
          )}
        </span>
        {open ? (
          <Button
            kind="link"
            size="s"
            aria-label={due ? t('work.plan.change_due') : t('work.plan.set_due')}
            onPress={() => show({ kind: 'due', id: conversationId })}
          >
            {t(due ? 'work.plan.change' : 'work.plan.set')}
          </Button>
        ) : null}
        {open && due ? <IconButton icon="x" size="s" label={t('work.plan.clear_due')} onPress={() => actions.setDue(conversation, null)} /> : null}
      </div>
      {reminders.map((one) => (
        <ReminderRow key={one.id} reminder={one} conversationId={conversationId} />
      ))}
      {open ? (
        <Button kind="link" size="s" icon="bell" onPress={() => show({ kind: 'remind', id: conversationId })}>
          {t('work.command.remind')}
        </Button>
      ) : null}
    </section>
  );
});

export default PlanCard;

function ReminderRow({ reminder, conversationId }: { reminder: Reminder; conversationId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cancel = useCancelReminder(conversationId);
  const add = useAddReminder(conversationId);
  const when = format.coming(reminder.at);
  const words = [reminder.words, reminder.unless_answered ? t('work.plan.unless_answered') : ''].filter(Boolean).join(' · ');
  const take = () =>
    cancel.mutate(reminder, {
      onSuccess: () =>
        toast(t('work.plan.cancelled'), {
          undoLabel: t('app.undo'),
          undo: () => add.mutate({ at: reminder.at, words: reminder.words, unless_answered: reminder.unless_answered }),
        }),
      onError: (error) => toast(problemText(t, error)),
    });
  return (
    <div className="plan-row">
      <Icon name="bell" size={16} />
      <span className="grow">
        <span className="t1" title={format.exact(reminder.at)}>
          {t('work.plan.reminder', { when })}
        </span>
        {words ? <span className="small dim plan-words">{words}</span> : null}
      </span>
      <IconButton icon="x" size="s" label={t('work.plan.cancel', { when })} onPress={take} />
    </div>
  );
}
