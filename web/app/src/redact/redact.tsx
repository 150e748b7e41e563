import type { Message } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Banner, Button, Checkbox, Dialog, ErrorLine, Icon, TextInput, toast } from '@ui';
import { useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { problemText } from '../shell/problem-text';
import { useWork } from '../work/state';
import { redact } from './queries';

const close = () => useWork.getState().show(null);

/** Chooses words and files of a message that go for good. */
export default function RedactDialog({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const text = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const [files, setFiles] = useState<ReadonlySet<string>>(new Set());
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const add = (phrase: string) => {
    const clean = phrase.trim();
    setError(null);
    if (clean && !words.includes(clean)) setWords([...words, clean]);
  };
  const take = () => {
    const field = text.current;
    const chosen = field ? field.value.slice(field.selectionStart, field.selectionEnd) : '';
    if (chosen.trim()) add(chosen);
    else setError(t('work.redact.select_first'));
  };
  const go = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const changed = await redact(client, m.id, { words: [...words], attachment_ids: [...files] });
      close();
      toast(t('work.redact.done', { count: changed }));
    } catch (problem) {
      setBusy(false);
      setError(problemText(t, problem));
    }
  };
  const none = words.length === 0 && files.size === 0;
  return (
    <Dialog
      title={t('work.redact.title')}
      isOpen
      onClose={close}
      wide
      actions={
        <>
          <Button kind="quiet" onPress={close}>
            {t('app.cancel')}
          </Button>
          <Button kind="danger" isDisabled={none || !sure} isPending={busy} onPress={() => void go()}>
            {t('work.redact.do')}
          </Button>
        </>
      }
    >
      <div className="form-grid">
        <Banner>{t('work.redact.lead')}</Banner>
        <div className="field">
          <label className="label" htmlFor="redact-text">
            {t('work.redact.select')}
          </label>
          <textarea id="redact-text" ref={text} className="input" rows={7} readOnly value={[m.subject, m.text].filter(Boolean).join('\n\n')} />
          <span>
            <Button size="s" icon="plus" onPress={take}>
              {t('work.redact.take')}
            </Button>
          </span>
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            add(typed);
            setTyped('');
          }}
        >
          <TextInput label={t('work.redact.typed')} value={typed} onChange={setTyped} autoComplete="off" />
        </form>
        {words.length > 0 ? (
          <ul className="chips" aria-label={t('work.redact.words')} style={{ listStyle: 'none', padding: 0, margin: 0 }}>
            {words.map((one) => (
              <li className="chip" key={one}>
                <span className="t1">{one}</span>
                <RawButton className="chip-x" aria-label={t('app.composer.remove', { name: one })} onPress={() => setWords(words.filter((w) => w !== one))}>
                  <Icon name="x" size={12} />
                </RawButton>
              </li>
            ))}
          </ul>
        ) : null}
        {m.attachments.length > 0 ? (
          <fieldset>
            <legend className="label">{t('work.redact.files')}</legend>
            {m.attachments.map((one) => (
              <Checkbox
                key={one.id}
                isSelected={files.has(one.id)}
                onChange={(on) => setFiles(new Set(on ? [...files, one.id] : [...files].filter((id) => id !== one.id)))}
              >
                {one.filename}
              </Checkbox>
            ))}
          </fieldset>
        ) : null}
        <Checkbox isSelected={sure} onChange={setSure}>
          {t('work.redact.sure')}
        </Checkbox>
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
  );
}
