import './plan.css';
import type { ConversationDetail } from '@api';
import { Banner, Button, Checkbox, Dialog, Icon, Select, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../conversation/use-actions';
import { FormDialog } from '../form/dialog';
import { useFormat } from '../i18n/use-format';
import { useAgents, useTeams } from '../people/queries';
import { useQueues } from '../queue/queries';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import TimeChoice, { DayAndTime } from '../snooze/dialog';
import { Times } from '../snooze/times';
import { useAddReminder, useHandOver } from './queries';
import { usePlan } from './state';

const close = () => usePlan.getState().show(null);

/** Until when it is to be done, a reminder, or handing it over with a note. */
export default function PlanDialogs({ conversation, kind }: { conversation: ConversationDetail; kind: 'due' | 'remind' | 'hand_over' }) {
  const { t } = useTranslation();
  const actions = useActions();
  if (kind === 'remind') return <RemindDialog conversation={conversation} />;
  if (kind === 'hand_over') return <HandOverDialog conversation={conversation} />;
  return (
    <TimeChoice
      title={t('work.plan.due_title')}
      label={t('work.plan.due_field')}
      action={t('work.plan.set')}
      icon="clock"
      answer={false}
      onClose={close}
      onPick={(at) => {
        close();
        actions.setDue(conversation, at);
      }}
    />
  );
}

function RemindDialog({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const add = useAddReminder(c.id);
  const [at, setAt] = useState<Date | null>(null);
  const [custom, setCustom] = useState(false);
  const [words, setWords] = useState('');
  const [unless, setUnless] = useState(false);
  const save = () => {
    if (!at || add.isPending) return;
    add.mutate(
      { at: at.toISOString(), words: words.trim(), unless_answered: unless },
      {
        onSuccess: () => {
          close();
          toast(t('work.plan.reminded', { when: format.coming(at) }));
        },
      },
    );
  };
  return (
    <Dialog
      title={t('work.plan.remind_title')}
      isOpen
      onClose={close}
      actions={
        at ? (
          <>
            <Button kind="quiet" onPress={close}>
              {t('app.cancel')}
            </Button>
            <Button kind="primary" isPending={add.isPending} onPress={save}>
              {t('work.plan.remind_do')}
            </Button>
          </>
        ) : null
      }
    >
      {at ? (
        <form
          className="plan-form"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {add.error ? <Banner tone="bad">{problemText(t, add.error)}</Banner> : null}
          <div className="plan-row">
            <Icon name="bell" size={16} />
            <b className="grow">{format.full(at)}</b>
            <Button kind="link" size="s" onPress={() => setAt(null)}>
              {t('work.plan.another_time')}
            </Button>
          </div>
          <TextInput label={t('work.plan.words')} hint={t('work.plan.words_hint')} value={words} onChange={setWords} autoFocus autoComplete="off" />
          <Checkbox isSelected={unless} onChange={setUnless}>
            {t('work.plan.unless_answered')}
          </Checkbox>
        </form>
      ) : custom ? (
        <DayAndTime action={t('work.plan.go_on')} onPick={setAt} onBack={() => setCustom(false)} />
      ) : (
        <Times label={t('work.plan.remind_field')} icon="bell" answer={false} onPick={setAt} onCustom={() => setCustom(true)} />
      )}
    </Dialog>
  );
}

function HandOverDialog({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const me = useMe().agent.id;
  const hand = useHandOver(c.id);
  const agents = (useAgents().data ?? []).filter((one) => one.active && one.role !== 'viewer' && one.id !== me);
  const teams = useTeams().data ?? [];
  const queues = useQueues().data ?? [];
  const [to, setTo] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const [tried, setTried] = useState(false);
  const save = () => {
    setTried(true);
    if (!to || !words.trim() || hand.isPending) return;
    const team = teams.find((one) => one.id === to);
    const queue = queues.find((one) => one.id === to);
    const name = queue?.name ?? team?.name ?? agents.find((one) => one.id === to)?.name ?? '';
    hand.mutate(
      { ...(queue ? { queue_id: to } : team ? { team_id: to } : { assignee_id: to }), note: { text: words.trim() } },
      {
        onSuccess: () => {
          close();
          toast(t(queue ? 'work.hand.passed' : team ? 'app.done.team' : 'app.done.assigned', { name }));
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('work.hand.title')}
      submit={t('work.hand.do')}
      isPending={hand.isPending}
      problem={hand.error ? problemText(t, hand.error) : null}
      error={hand.error}
      className="plan-form"
      onSubmit={save}
      onClose={close}
    >
      <p className="dim small">{t('work.hand.lead')}</p>
      <Select
        label={t('work.hand.to')}
        value={to}
        onChange={setTo}
        placeholder={t('work.hand.pick')}
        error={tried && !to ? t('work.hand.pick') : null}
        items={[
          ...agents.map((one) => ({ id: one.id, label: one.name, icon: 'person' as const })),
          ...teams.map((one) => ({ id: one.id, label: one.name, icon: 'people' as const })),
          ...queues.map((one) => ({ id: one.id, label: t('work.hand.queue', { name: one.name }), icon: 'moveto' as const })),
        ]}
      />
      <TextInput
        label={t('work.hand.words')}
        value={words}
        onChange={setWords}
        multiline
        rows={4}
        error={tried && !words.trim() ? t('work.hand.missing') : null}
      />
    </FormDialog>
  );
}
