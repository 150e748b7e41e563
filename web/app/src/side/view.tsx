import '../conversation/thread.css';
import { type ConversationDetail, type Draft, Problem } from '@api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Chip, ErrorLine, IconButton, Skeleton, toast } from '@ui';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../conversation/cache';
import { plainText } from '../conversation/checks';
import type { EditorHandle } from '../conversation/editor';
import { EventView } from '../conversation/event-line';
import { mailboxName } from '../conversation/mailbox';
import { MessageView } from '../conversation/message';
import { useConversation, useTimeline } from '../conversation/queries';
import { ordered } from '../conversation/timeline';
import { UploadList } from '../conversation/upload-list';
import { usePictureNews, useUploads } from '../conversation/uploads';
import { useMay, useMe } from '../session/queries';
import { Broken } from '../shell/broken';
import { problemText } from '../shell/problem-text';
import { markSideRead, replyAside, setDone } from './queries';
import { useSide } from './state';

const Editor = lazy(() => import('../conversation/editor'));

/** One side conversation, in place of the context: its mails, and where one answers. The customer sees none of it. */
export default function SideView({ id }: { id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe().agent.id;
  const may = useMay('conversation.reply');
  const side = useConversation(id);
  const timeline = useTimeline(id);
  const items = ordered(timeline.data?.pages ?? []);
  const c = side.data;
  const end = useRef<HTMLDivElement>(null);
  const last = items.at(-1);
  const lastId = last?.type === 'message' ? last.message.id : last?.event.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message is shown
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [lastId]);
  // Read means seen: the page is visible and the words are there.
  const seen = timeline.isSuccess && c !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new message is read anew
  useEffect(() => {
    if (!seen) return;
    const mark = () => !document.hidden && void markSideRead(client, id).catch(() => undefined);
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [seen, lastId, id, client]);
  const done = c?.status.kind === 'resolved';
  const toggle = () => c && void setDone(client, c, !done).catch((error: unknown) => toast(problemText(t, error)));
  return (
    <div className="side">
      <div className="hbar">
        <IconButton icon="back" label={t('work.side.back')} onPress={() => useSide.getState().show(null)} />
        <h2 className="grow t1">{c?.subject || t('work.side.title')}</h2>
        {c && may ? (
          <Button size="s" kind="quiet" onPress={toggle}>
            {t(done ? 'work.side.reopen' : 'work.side.finish')}
          </Button>
        ) : done ? (
          <Chip tone="ok">{t('work.side.done')}</Chip>
        ) : null}
      </div>
      {c ? (
        <p className="side-who small dim">
          <span className="t1">{t('work.side.with', { names: c.participants.map((p) => p.name || p.address).join(', ') || c.customer.name })}</span>
          {done ? <Chip tone="ok">{t('work.side.done')}</Chip> : null}
        </p>
      ) : null}
      <div className="scroll side-thread">
        {side.isError && !c ? <Broken error={side.error} onRetry={() => void side.refetch()} /> : null}
        {timeline.isPending ? <Skeleton width="70%" /> : null}
        {timeline.hasNextPage ? (
          <Button kind="quiet" size="s" onPress={() => void timeline.fetchNextPage()}>
            {t('app.older')}
          </Button>
        ) : null}
        {items.map((item) =>
          item.type === 'message' ? (
            <MessageView key={item.message.id} message={item.message} mine={item.message.author.id === me} aside />
          ) : (
            <EventView key={item.event.id} event={item.event} />
          ),
        )}
        <div ref={end} />
      </div>
      {c && may && !side.isPlaceholderData ? <SideComposer side={c} /> : null}
    </div>
  );
}

/** What was taken back is there again, as it was written. */
function SideComposer({ side }: { side: ConversationDetail }) {
  const draft = useQuery<Draft | null>({ queryKey: keys.draft(side.id), queryFn: () => null, enabled: false }).data ?? null;
  return <Writing key={draft?.updated_at ?? 'new'} side={side} draft={draft} />;
}

function Writing({ side, draft }: { side: ConversationDetail; draft: Draft | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const files = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const uploads = useUploads(
    draft?.attachments ?? [],
    draft?.html ?? '',
    () => undefined,
    (problem) => setError(problemText(t, problem)),
  );
  usePictureNews(editor, uploads.items);
  const to = side.reply_to_defaults.to.map(mailboxName).join(', ');
  const send = async () => {
    const html = editor.current?.html() ?? '';
    const attachments = uploads.of(html);
    if (busy) return;
    if (!html && attachments.length === 0) return setError(t('app.warn.empty'));
    const missing = uploads.missing(editor.current?.pictures() ?? []);
    if (missing) return setError(t(`app.warn.${missing}`));
    setBusy(true);
    setError(null);
    try {
      await replyAside(client, side.id, { html, text: plainText(html), attachment_ids: attachments.map((one) => one.id) });
      editor.current?.setHtml('');
      for (const one of uploads.items) uploads.remove(one.key);
    } catch (problem) {
      setError(problem instanceof Problem ? problemText(t, problem) : t('app.problem.unknown'));
    }
    setBusy(false);
  };
  return (
    <div className="comp side-comp">
      <Suspense fallback={<div className="ed" />}>
        <Editor
          ref={editor}
          label={t('work.side.answer')}
          placeholder={t('work.side.placeholder', { name: to })}
          initial={draft?.html ?? ''}
          onChange={() => setError(null)}
          onSubmit={() => void send()}
          onEscape={() => undefined}
          onFiles={uploads.add}
          onPictures={uploads.addInline}
          onRetry={uploads.retry}
        />
      </Suspense>
      <UploadList items={uploads.items} onRemove={uploads.remove} onRetry={uploads.retry} />
      {error ? <ErrorLine>{error}</ErrorLine> : null}
      <div className="comp-ft">
        <IconButton icon="clip" label={t('app.composer.attach')} iconSize={16} onPress={() => files.current?.click()} />
        <input ref={files} type="file" multiple hidden onChange={(event) => void uploads.add([...(event.target.files ?? [])])} />
        <span className="grow" />
        <Button kind="primary" size="s" icon="send" isPending={busy} onPress={() => void send()}>
          {t('app.composer.send')}
        </Button>
      </div>
    </div>
  );
}
