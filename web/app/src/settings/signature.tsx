import '../library/library.css';
import '../conversation/thread.css';
import { IconButton, Skeleton } from '@ui';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditorHandle } from '../conversation/editor';

const Editor = lazy(() => import('../conversation/editor'));
const nothing = () => undefined;

/** A signature with bold, italic and links. `value` from outside (Discard) replaces what is written. */
export function SignatureField({ label, hint, value, onChange }: { label: string; hint?: string; value: string; onChange: (html: string) => void }) {
  const { t } = useTranslation();
  const editor = useRef<EditorHandle>(null);
  const written = useRef(value);
  useEffect(() => {
    if (value === written.current) return;
    written.current = value;
    editor.current?.setHtml(value);
  }, [value]);
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="ed-field">
        <div className="ed-tools" role="toolbar" aria-label={label}>
          <IconButton icon="bold" size="s" label={t('app.composer.bold')} keys="Mod+b" onPress={() => editor.current?.bold()} />
          <IconButton icon="italic" size="s" label={t('settings.italic')} keys="Mod+i" onPress={() => editor.current?.italic()} />
        </div>
        <Suspense fallback={<Skeleton height={96} />}>
          <Editor
            ref={editor}
            label={label}
            placeholder={t('settings.signature_placeholder')}
            initial={value}
            onChange={(html) => {
              written.current = html;
              onChange(html);
            }}
            onSubmit={nothing}
            onEscape={nothing}
            onFiles={nothing}
          />
        </Suspense>
      </div>
      {hint ? <span className="hint">{hint}</span> : null}
    </div>
  );
}
