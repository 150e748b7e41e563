import './side.css';
import { type ConversationDetail, type Mailbox, type Message, Problem } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Dialog, ErrorLine, TextInput, toast } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LetterField, PeopleField, useLetter } from '../conversation/letter';
import { looksLikeAddress } from '../conversation/mailbox';
import { useFormat } from '../i18n/use-format';
import { problemText } from '../shell/problem-text';
import { useWide } from '../shell/use-media';
import { beginSide } from './queries';
import { openSide, useSide } from './state';

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
  const letter = useLetter((problem) => setError(problemText(t, problem)));
  const close = () => useSide.getState().write(null);
  const send = async () => {
    const words = letter.words();
    if (busy) return;
    if (to.length === 0 || [...to, ...cc].some((one) => !looksLikeAddress(one.address))) return setError(t('app.warn.recipients'));
    if (!subject.trim()) return setError(t('app.new.no_subject'));
    if (!words.html && !forward) return setError(t('app.warn.empty'));
    const missing = letter.missing();
    if (missing) return setError(t(`app.warn.${missing}`));
    setBusy(true);
    setError(null);
    try {
      const side = await beginSide(client, c.id, {
        to,
        cc,
        subject: subject.trim(),
        ...words,
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
        <PeopleField label={t('app.composer.to')} value={to} onChange={setTo} autoFocus />
        <PeopleField label={t('app.composer.cc')} value={cc} onChange={setCc} />
        <TextInput label={t('app.subject')} value={subject} onChange={setSubject} autoComplete="off" />
        <LetterField
          letter={letter}
          label={t(forward ? 'work.side.intro' : 'work.side.text')}
          placeholder={t(forward ? 'work.side.intro' : 'work.side.text_placeholder')}
          onChange={() => setError(null)}
          onSubmit={() => void send()}
          onEscape={close}
        />
        {forward ? <Passed message={forward} chosen={chosen} onChoose={setChosen} /> : null}
        {error ? <ErrorLine>{error}</ErrorLine> : null}
      </div>
    </Dialog>
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
