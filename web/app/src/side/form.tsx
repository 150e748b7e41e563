import '../conversation/thread.css';
import './side.css';
import { type Attachment, type ConversationDetail, type Mailbox, type Message, Problem } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Dialog, ErrorLine, IconButton, TextInput, toast } from '@ui';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../conversation/checks';
import type { EditorHandle } from '../conversation/editor';
import { looksLikeAddress } from '../conversation/mailbox';
import { Recipients } from '../conversation/recipients';
import { UploadList } from '../conversation/upload-list';
import { usePictureNews, useUploads } from '../conversation/uploads';
import { useFormat } from '../i18n/use-format';
import { problemText } from '../shell/problem-text';
import { useWide } from '../shell/use-media';
import { beginSide } from './queries';
import { openSide, useSide } from './state';

const Editor = lazy(() => import('../conversation/editor'));
const NONE: Attachment[] = [];

/** Asks somebody else beside a conversation, or passes a message on. */
export default function SideForm({ conversation: c, forward }: { conversation: ConversationDetail; forward: Message | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const wide = useWide();
  const [to, setTo] = useState<Mailbox[]>([]);
  const [cc, setCc] = useState<Mailbox[]>([]);
  const [subject, setSubject] = useState(forward ? `Fwd: ${forward.subject || c.subject}` : c.subject);
  const loose = forward?.attachments.filter((one) => !one.inline) ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(loose.map((one) => one.id)));
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const editor = useRef<EditorHandle>(null);
  const files = useRef<HTMLInputElement>(null);
  const uploads = useUploads(
    NONE,
    '',
    () => undefined,
    (problem) => setError(problemText(t, problem)),
  );
  usePictureNews(editor, uploads.items);
  const close = () => useSide.getState().write(null);
  const send = async () => {
    const html = editor.current?.html() ?? '';
    if (busy) return;
    if (to.length === 0 || [...to, ...cc].some((one) => !looksLikeAddress(one.address))) return setError(t('app.warn.recipients'));
    if (!subject.trim()) return setError(t('app.new.no_subject'));
    if (!html && !forward) return setError(t('app.warn.empty'));
    const missing = uploads.missing(editor.current?.pictures() ?? []);
    if (missing) return setError(t(`app.warn.${missing}`));
    setBusy(true);
    setError(null);
    try {
      const side = await beginSide(client, c.id, {
        to,
        cc,
        subject: subject.trim(),
        html,
        text: plainText(html),
        attachment_ids: uploads.of(html).map((one) => one.id),
        ...(forward ? { forward: { message_id: forward.id, attachment_ids: [...chosen] } } : {}),
      });
      close();
      openSide(c.id, side.id, wide);
      toast(t(forward ? 'work.side.forwarded' : 'work.side.begun'));
    } catch (problem) {
      setBusy(false);
      const customer = problem instanceof Problem && problem.errors.some((one) => one.code === 'customer');
      setError(customer ? t('work.side.customer') : problemText(t, problem));
    }
  };
  return (
    <Dialog
      title={t(forward ? 'work.side.forward_title' : 'work.side.begin')}
      isOpen
      onClose={close}
      wide
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" keys="Mod+Enter" isPending={busy} onPress={() => void send()}>
            {t('app.composer.send')}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <p className="dim small">{t('work.side.lead', { name: c.customer.name || c.customer.email })}</p>
        <People label={t('app.composer.to')} value={to} onChange={setTo} autoFocus />
        <People label={t('app.composer.cc')} value={cc} onChange={setCc} />
        <TextInput label={t('app.subject')} value={subject} onChange={setSubject} autoComplete="off" />
        <div className="comp" style={{ margin: 0 }}>
          <Suspense fallback={<div className="ed" />}>
            <Editor
              ref={editor}
              label={t(forward ? 'work.side.intro' : 'work.side.text')}
              placeholder={t(forward ? 'work.side.intro' : 'work.side.text_placeholder')}
              initial=""
              onChange={() => setError(null)}
              onSubmit={() => void send()}
              onEscape={close}
              onFiles={uploads.add}
              onPictures={uploads.addInline}
              onRetry={uploads.retry}
            />
          </Suspense>
          <UploadList items={uploads.items} onRemove={uploads.remove} onRetry={uploads.retry} />
          <div className="comp-ft">
            <IconButton icon="bold" label={t('app.composer.bold')} iconSize={16} onPress={() => editor.current?.bold()} />
            <IconButton icon="list" label={t('app.composer.list')} iconSize={16} onPress={() => editor.current?.list()} />
            <IconButton icon="clip" label={t('app.composer.attach')} iconSize={16} onPress={() => files.current?.click()} />
            <input ref={files} type="file" multiple hidden onChange={(event) => void uploads.add([...(event.target.files ?? [])])} />
          </div>
        </div>
        {forward ? <Passed message={forward} chosen={chosen} onChoose={setChosen} /> : null}
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
  );
}

function People({ label, value, onChange, autoFocus }: { label: string; value: Mailbox[]; onChange: (value: Mailbox[]) => void; autoFocus?: boolean }) {
  return (
    <div className="field">
      <span className="label" aria-hidden="true">
        {label}
      </span>
      <div className="input">
        <Recipients label={label} hideLabel value={value} onChange={onChange} autoFocus={autoFocus} />
      </div>
    </div>
  );
}

/** What goes along beneath the words. */
function Passed({ message: m, chosen, onChoose }: { message: Message; chosen: ReadonlySet<string>; onChoose: (chosen: ReadonlySet<string>) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const loose = m.attachments.filter((one) => !one.inline);
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  return (
    <div className="side-passed">
      <p className="small strong">{t('work.side.passed', { name: m.author.name || m.author.email, when: format.thread(m.created_at) })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="side-quote small" tabIndex={0} aria-label={t('work.side.quote')}>
        {m.text || m.reply_text}
      </section>
      {loose.length > 0 ? (
        <fieldset>
          <legend className="small dim">{t('work.side.files')}</legend>
          {loose.map((one) => (
            <Checkbox key={one.id} isSelected={chosen.has(one.id)} onChange={(on) => toggle(one.id, on)}>
              {`${one.filename} · ${format.size(one.size)}`}
            </Checkbox>
          ))}
        </fieldset>
      ) : null}
    </div>
  );
}
