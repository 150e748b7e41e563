import { useState } from 'preact/hooks';
import { sentence } from './core';
import { Sheet } from './parts';
import { callMe } from './verbs';
import { t } from './words';

/** Enough of a number to be worth sending: the server has the last word. */
const isPhone = (text: string) => /^[+\d][\d\s().-]{4,39}$/.test(text.trim()) && text.replace(/\D/g, '').length >= 5;

/** A time as the browser's own field writes it. */
const local = (at: Date) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Asks for a number, and for a time where soon does not suit. */
export default function CallSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const [phone, setPhone] = useState('');
  const [at, setAt] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (!isPhone(phone)) return setWrong(t('need_phone'));
    setWrong(null);
    setBusy(true);
    callMe(id, phone.trim(), at ? new Date(at).toISOString() : null)
      .then(onClose, (error) => setWrong(sentence(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Sheet title={t('call_title')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p class="dim">{t('call_text')}</p>
        <label for="phone">{t('your_phone')}</label>
        <input
          id="phone"
          type="tel"
          autocomplete="tel"
          value={phone}
          onInput={(event) => {
            setPhone(event.currentTarget.value);
            setWrong(null);
          }}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? 'phone-e' : undefined}
        />
        <label for="call-at">{t('call_when')}</label>
        <input id="call-at" type="datetime-local" min={local(new Date())} value={at} onInput={(event) => setAt(event.currentTarget.value)} />
        {wrong && (
          <p class="fault" id="phone-e" role="alert">
            {wrong}
          </p>
        )}
        <button type="submit" class="btn primary" aria-disabled={busy}>
          {t('call_do')}
        </button>
      </form>
    </Sheet>
  );
}
