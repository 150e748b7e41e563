import { type Conversation, type ConversationDetail, type Message, Problem, type TimelineItem } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Checkbox, Dialog, TextInput, toast } from '@ui';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { keys, takeConversation } from '../conversation/cache';
import { ConversationPicker } from '../conversation/conversation-picker';
import { useSearch, useTimeline } from '../conversation/queries';
import { ordered } from '../conversation/timeline';
import { useCustomerConversations } from '../customer/queries';
import { needArea } from '../i18n';
import { useFormat } from '../i18n/use-format';
import { usePlan } from '../plan/state';
import { useProblem } from '../problem/state';
import { pathOf, usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { useSide } from '../side/state';
import { mergeInto, splitOff, unmerge } from './queries';
import { useWork } from './state';

const EditNote = lazy(() => import('../redact/edit'));
const Versions = lazy(() => import('../redact/versions'));
const RedactDialog = lazy(() => import('../redact/redact'));
const LinkDialog = lazy(() => import('../problem/link'));
const SolveDialog = lazy(() => Promise.all([import('../problem/solve'), needArea('library')]).then(([page]) => page));
const TranscriptDialog = lazy(() => Promise.all([import('../transcript/dialog'), needArea('form')]).then(([page]) => page));
const SideForm = lazy(() => import('../side/form'));
const PlanDialogs = lazy(() => import('../plan/dialogs'));

/** The dialogs about a conversation: merging it, and splitting messages off. */
export function WorkDialogs({ conversation }: { conversation: ConversationDetail }) {
  const open = useWork((s) => s.open);
  const form = useSide((s) => s.form);
  const problem = useProblem((s) => s.open);
  const plan = usePlan((s) => s.open);
  if (plan?.id === conversation.id)
    return (
      <Suspense>
        <PlanDialogs conversation={conversation} kind={plan.kind} />
      </Suspense>
    );
  if (problem?.id === conversation.id)
    return <Suspense>{problem.kind === 'link' ? <LinkDialog conversation={conversation} /> : <SolveDialog conversation={conversation} />}</Suspense>;
  if (form?.parent === conversation.id)
    return (
      <Suspense>
        <SideForm conversation={conversation} forward={form.forward} />
      </Suspense>
    );
  if (open?.id !== conversation.id) return null;
  if (open.kind === 'edit' || open.kind === 'versions' || open.kind === 'redact')
    return (
      <Suspense>
        {open.kind === 'edit' ? (
          <EditNote conversation={conversation} message={open.message} />
        ) : open.kind === 'versions' ? (
          <Versions message={open.message} />
        ) : (
          <RedactDialog message={open.message} />
        )}
      </Suspense>
    );
  if (open.kind === 'transcript')
    return (
      <Suspense>
        <TranscriptDialog conversation={conversation} />
      </Suspense>
    );
  if (open.kind === 'split') return <SplitDialog conversation={conversation} first={open.message} />;
  return <MergeDialog conversation={conversation} />;
}

const close = () => useWork.getState().show(null);

/** Everything drawn of two conversations is read again. */
export function useRefresh() {
  const client = useQueryClient();
  return (...ids: string[]) => {
    for (const id of ids) {
      void client.invalidateQueries({ queryKey: keys.one(id) });
      void client.resetQueries({ queryKey: keys.timeline(id) });
    }
    void client.invalidateQueries({ queryKey: keys.lists });
    void client.invalidateQueries({ queryKey: keys.counts });
    void client.invalidateQueries({ queryKey: ['customer-conversations'] });
  };
}

/** Undoes a merge. What is drawn of the freed conversation knows it at once, or it would lead back to the other one. */
export function useUnmerge() {
  const client = useQueryClient();
  const refresh = useRefresh();
  return async (id: string, into: string): Promise<void> => {
    takeConversation(client, await unmerge(id));
    refresh(id, into);
  };
}

function MergeDialog({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const refresh = useRefresh();
  const free = useUnmerge();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Conversation | null>(null);
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const wanted = useDeferredValue(text.trim());
  const same = useCustomerConversations(c.customer.id).data?.items ?? [];
  const found = (useSearch(wanted.length >= 2 ? wanted : '', { limit: 20 }).data?.items ?? []).map((hit) => hit.conversation);
  const offered = (wanted.length >= 2 ? found : same).filter((one) => one.id !== c.id && !one.merged_into && !one.shelf);
  const stranger = chosen !== null && chosen.customer.id !== c.customer.id;
  const go = async () => {
    if (!chosen || busy) return;
    setBusy(true);
    try {
      await mergeInto(c.id, chosen.id, stranger);
    } catch (error) {
      setBusy(false);
      toast(problemText(t, error));
      return;
    }
    close();
    refresh(c.id, chosen.id);
    void navigate(pathOf({ ...place, id: chosen.id }), { replace: true });
    toast(t('work.done.merged', { number: chosen.number }), {
      undoLabel: t('app.undo'),
      undo: () =>
        void free(c.id, chosen.id).then(
          () => void navigate(pathOf({ ...place, id: c.id })),
          (error: unknown) => toast(problemText(t, error)),
        ),
    });
  };
  return (
    <Dialog
      title={t('work.merge.title', { number: c.number })}
      isOpen
      onClose={close}
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" icon="merge" isDisabled={!chosen || (stranger && !sure)} isPending={busy} onPress={() => void go()}>
            {t('work.merge.do')}
          </Button>
        </>
      }
    >
      <p className="dim small">{t('work.merge.lead')}</p>
      <ConversationPicker
        label={t('work.merge.find')}
        text={text}
        onText={setText}
        offeredLabel={t('work.merge.offered')}
        offered={offered}
        none={t(wanted.length >= 2 ? 'work.merge.none' : 'work.merge.no_other')}
        chosen={chosen ? [chosen] : []}
        onChoose={([one]) => {
          setChosen(one ?? null);
          setSure(false);
        }}
      />
      {stranger ? (
        <>
          <Banner>{t('work.merge.stranger', { one: c.customer.name, other: chosen?.customer.name })}</Banner>
          <Checkbox isSelected={sure} onChange={setSure}>
            {t('work.merge.sure')}
          </Checkbox>
        </>
      ) : null}
    </Dialog>
  );
}

const isMessage = (item: TimelineItem): item is { type: 'message'; message: Message } => item.type === 'message';

function SplitDialog({ conversation: c, first }: { conversation: ConversationDetail; first: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const place = usePlace();
  const refresh = useRefresh();
  const messages = ordered(useTimeline(c.id).data?.pages ?? [])
    .filter(isMessage)
    .map((item) => item.message);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set([first]));
  const [subject, setSubject] = useState(c.subject);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const go = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const made = await splitOff(c.id, [...chosen], subject.trim());
      close();
      refresh(c.id, made.id);
      void navigate(pathOf({ ...place, id: made.id }));
      toast(t('work.done.split', { number: made.number }), {
        undoLabel: t('app.undo'),
        undo: () =>
          void mergeInto(made.id, c.id, true).then(
            () => {
              refresh(c.id, made.id);
              void navigate(pathOf({ ...place, id: c.id }));
            },
            (error: unknown) => toast(problemText(t, error)),
          ),
      });
    } catch (error) {
      setBusy(false);
      const all = error instanceof Problem && error.errors.some((one) => one.code === 'all');
      setWrong(all ? t('work.split.all') : problemText(t, error));
    }
  };
  return (
    <Dialog
      title={t('work.split.title')}
      isOpen
      onClose={close}
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" isDisabled={chosen.size === 0} isPending={busy} onPress={() => void go()}>
            {t('work.split.do')}
          </Button>
        </>
      }
    >
      <p className="dim small">{t('work.split.lead')}</p>
      {wrong ? <Banner tone="bad">{wrong}</Banner> : null}
      <TextInput label={t('app.subject')} value={subject} onChange={setSubject} autoComplete="off" />
      <fieldset className="pick-list">
        <legend className="sr">{t('work.split.messages')}</legend>
        {messages.map((m) => (
          <Checkbox
            key={m.id}
            isSelected={chosen.has(m.id)}
            onChange={(on) =>
              setChosen((now) => {
                const next = new Set(now);
                if (on) next.add(m.id);
                else next.delete(m.id);
                return next;
              })
            }
            hint={`${m.author.name} · ${format.thread(m.created_at)}`}
          >
            <span className="t2">{m.reply_text || m.text || t('app.no_subject')}</span>
          </Checkbox>
        ))}
      </fieldset>
    </Dialog>
  );
}
