import '../conversation/thread.css';
import type { ConversationDetail, Message } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dialog, ErrorLine } from '@ui';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../conversation/checks';
import type { EditorHandle } from '../conversation/editor';
import { problemText } from '../shell/problem-text';
import { useWork } from '../work/state';
import { useMentionable } from '../work/use-mentionable';
import { editNote } from './queries';

const Editor = lazy(() => import('../conversation/editor'));
const close = () => useWork.getState().show(null);

/** Other words for a note of one's own. */
export default function EditNote({ conversation, message: m }: { conversation: ConversationDetail; message: Message }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const mentionable = useMentionable(conversation);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    const html = editor.current?.html() ?? '';
    if (busy) return;
    if (!html) return setError(t('app.warn.empty'));
    setBusy(true);
    try {
      await editNote(client, m.id, { html, text: plainText(html) });
      close();
    } catch (problem) {
      setBusy(false);
      setError(problemText(t, problem));
    }
  };
  return (
    <Dialog
      title={t('work.redact.edit_title')}
      isOpen
      onClose={close}
      wide
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="primary" keys="Mod+Enter" isPending={busy} onPress={() => void save()}>
            {t('app.save')}
          </Button>
        </>
      }
    >
      <p className="dim small">{t('work.redact.edit_lead')}</p>
      <div className="comp" data-kind="note" style={{ margin: 0 }}>
        <Suspense fallback={<div className="ed" />}>
          <Editor
            ref={editor}
            label={t('work.redact.edit_label')}
            placeholder={t('work.redact.edit_label')}
            initial={m.html ?? ''}
            autoFocus
            onChange={() => setError(null)}
            onSubmit={() => void save()}
            onEscape={close}
            onFiles={() => undefined}
            mentionable={() => mentionable}
          />
        </Suspense>
      </div>
      {error ? <ErrorLine>{error}</ErrorLine> : null}
    </Dialog>
  );
}
