import './thread.css';
import { type Attachment, type Mailbox, Problem } from '@api';
import { Button, Dialog, Icon, IconButton, Segmented, Select, TextInput, toast } from '@ui';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useInboxes } from '../people/queries';
import { useMe } from '../session/queries';
import { pathOf } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { plainText } from './checks';
import type { EditorHandle } from './editor';
import { looksLikeAddress } from './mailbox';
import { useCreateConversation } from './queries';
import { Recipients } from './recipients';
import { UploadList } from './upload-list';
import { usePictureNews, useUploads } from './uploads';

const Editor = lazy(() => import('./editor'));
const NONE: Attachment[] = [];

/** Write first to a customer, or write down what somebody asked by another way. */
export default function NewConversation({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe().agent.id;
  const inboxes = (useInboxes().data ?? []).filter((inbox) => !inbox.archived);
  const create = useCreateConversation();
  const [inbox, setInbox] = useState<string | null>(null);
  const [to, setTo] = useState<Mailbox[]>([]);
  const [subject, setSubject] = useState('');
  const [direction, setDirection] = useState<'outgoing' | 'incoming'>('outgoing');
  const [error, setError] = useState<string | null>(null);
  const editor = useRef<EditorHandle>(null);
  const files = useRef<HTMLInputElement>(null);
  const uploads = useUploads(
    NONE,
    '',
    () => undefined,
    (problem) => setError(problemText(t, problem)),
  );
  usePictureNews(editor, uploads.items);
  const from = inbox ?? inboxes[0]?.id ?? null;
  const customer = to[0];

  const send = () => {
    const html = editor.current?.html() ?? '';
    if (!from) return setError(t('app.new.no_inbox'));
    if (!customer || !looksLikeAddress(customer.address)) return setError(t('app.warn.recipients'));
    if (!subject.trim()) return setError(t('app.new.no_subject'));
    if (!html) return setError(t('app.warn.empty'));
    const missing = uploads.missing(editor.current?.pictures() ?? []);
    if (missing) return setError(t(`app.warn.${missing}`));
    setError(null);
    create.mutate(
      {
        inbox_id: from,
        customer: { email: customer.address, ...(customer.name ? { name: customer.name } : {}) },
        subject: subject.trim(),
        text: plainText(html),
        html,
        direction,
        ...(to.length > 1 ? { cc: to.slice(1) } : {}),
        attachment_ids: uploads.of(html).map((one) => one.id),
        ...(direction === 'outgoing' ? { assignee_id: me } : {}),
      },
      {
        onSuccess: (conversation) => {
          toast(direction === 'outgoing' ? t('app.done.sent') : t('app.done.written'));
          onClose();
          void navigate(pathOf({ view: 'all_open', id: conversation.id }));
        },
        onError: (problem) => setError(problem instanceof Problem ? problemText(t, problem) : t('app.problem.unknown')),
      },
    );
  };

  return (
    <Dialog
      title={t('app.command.new')}
      isOpen
      onClose={onClose}
      wide
      actions={
        <>
          <Button kind="quiet" onPress={onClose}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" keys="Mod+Enter" isPending={create.isPending} onPress={send}>
            {direction === 'outgoing' ? t('app.composer.send') : t('app.new.write_down')}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <Segmented
          label={t('app.new.direction')}
          value={direction}
          onChange={setDirection}
          items={[
            { id: 'outgoing', label: t('app.new.outgoing') },
            { id: 'incoming', label: t('app.new.incoming') },
          ]}
        />
        <Select
          label={t('app.new.inbox')}
          value={from}
          onChange={setInbox}
          items={inboxes.map((one) => ({ id: one.id, label: `${one.name} · ${one.address}` }))}
        />
        <div className="field">
          <span className="label" aria-hidden="true">
            {t('app.new.customer')}
          </span>
          <div className="input">
            <Recipients label={t('app.new.customer')} hideLabel value={to} onChange={setTo} autoFocus />
          </div>
        </div>
        <TextInput label={t('app.subject')} value={subject} onChange={setSubject} />
        <div className="comp" style={{ margin: 0 }}>
          <Suspense fallback={<div className="ed" />}>
            <Editor
              ref={editor}
              label={t('app.new.text')}
              placeholder={direction === 'outgoing' ? t('app.composer.placeholder') : t('app.new.incoming_placeholder')}
              initial=""
              onChange={() => setError(null)}
              onSubmit={send}
              onEscape={onClose}
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
        {error ? (
          <span className="err" role="alert">
            <Icon name="alert" size={14} />
            <span>{error}</span>
          </span>
        ) : null}
      </div>
    </Dialog>
  );
}
