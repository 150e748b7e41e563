import './thread.css';
import type { Attachment, Mailbox } from '@api';
import { IconButton } from '@ui';
import { lazy, type RefObject, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from './checks';
import type { EditorHandle } from './editor';
import { Recipients } from './recipients';
import { UploadList } from './upload-list';
import { usePictureNews, useUploads } from './uploads';

const Editor = lazy(() => import('./editor'));
const NONE: Attachment[] = [];

export interface Letter {
  editor: RefObject<EditorHandle | null>;
  uploads: ReturnType<typeof useUploads>;
  /** What is written, as it is sent. */
  words: () => { html: string; text: string; attachment_ids: string[] };
  /** Why its files cannot go yet. */
  missing: () => 'uploading' | 'upload_failed' | null;
}

/** The words and files of a letter that is written in a dialog, without a draft. */
export function useLetter(onProblem: (problem: unknown) => void): Letter {
  const editor = useRef<EditorHandle>(null);
  const uploads = useUploads(NONE, '', () => undefined, onProblem);
  usePictureNews(editor, uploads.items);
  return {
    editor,
    uploads,
    words: () => {
      const html = editor.current?.html() ?? '';
      return { html, text: plainText(html), attachment_ids: uploads.of(html).map((one) => one.id) };
    },
    missing: () => uploads.missing(editor.current?.pictures() ?? []),
  };
}

interface LetterFieldProps {
  letter: Letter;
  label: string;
  placeholder: string;
  onChange: () => void;
  onSubmit: () => void;
  onEscape: () => void;
}

/** Where such a letter is written. */
export function LetterField({ letter: { editor, uploads }, ...props }: LetterFieldProps) {
  const { t } = useTranslation();
  const files = useRef<HTMLInputElement>(null);
  return (
    <div className="comp" style={{ margin: 0 }}>
      <Suspense fallback={<div className="ed" />}>
        <Editor ref={editor} {...props} initial="" onFiles={uploads.add} onPictures={uploads.addInline} onRetry={uploads.retry} />
      </Suspense>
      <UploadList items={uploads.items} onRemove={uploads.remove} onRetry={uploads.retry} />
      <div className="comp-ft">
        <IconButton icon="bold" label={t('app.composer.bold')} iconSize={16} onPress={() => editor.current?.bold()} />
        <IconButton icon="list" label={t('app.composer.list')} iconSize={16} onPress={() => editor.current?.list()} />
        <IconButton icon="clip" label={t('app.composer.attach')} iconSize={16} onPress={() => files.current?.click()} />
        <input ref={files} type="file" multiple hidden onChange={(event) => void uploads.add([...(event.target.files ?? [])])} />
      </div>
    </div>
  );
}

interface PeopleFieldProps {
  label: string;
  value: Mailbox[];
  onChange: (value: Mailbox[]) => void;
  autoFocus?: boolean;
}

/** Whom it goes to. */
export function PeopleField({ label, ...props }: PeopleFieldProps) {
  return (
    <div className="field">
      <span className="label" aria-hidden="true">
        {label}
      </span>
      <div className="input">
        <Recipients label={label} hideLabel {...props} />
      </div>
    </div>
  );
}
