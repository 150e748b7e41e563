import { Button } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A note that is written where it stands. */
export function NotesText({
  text: kept,
  may,
  heading: Heading,
  onSave,
}: {
  text: string;
  may: boolean;
  heading: 'h2' | 'h3';
  /** `failed` brings what was written back into the field. */
  onSave: (text: string, failed: () => void) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const save = () => {
    const next = text?.trim() ?? '';
    setText(null);
    if (next !== kept) onSave(next, () => setText(next));
  };
  return (
    <section>
      <Heading className="ctx-h">
        <span>{t('app.customer.notes')}</span>
        {may && text === null ? (
          <Button kind="link" size="s" onPress={() => setText(kept)}>
            {kept ? t('app.edit') : t('app.add')}
          </Button>
        ) : null}
      </Heading>
      {text === null ? (
        <p className={kept ? 'note-text' : 'small faint'}>{kept || t('app.customer.no_notes')}</p>
      ) : (
        <div className="stack">
          {/* biome-ignore lint/a11y/noAutofocus: the field was just opened to write in it */}
          <textarea className="input" aria-label={t('app.customer.notes')} rows={5} autoFocus value={text} onChange={(event) => setText(event.target.value)} />
          <div className="acts" style={{ marginTop: 0 }}>
            <Button kind="quiet" size="s" onPress={() => setText(null)}>
              {t('app.cancel')}
            </Button>
            <Button size="s" onPress={save}>
              {t('app.save')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
