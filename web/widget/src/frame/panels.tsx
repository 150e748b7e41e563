import { useState } from 'preact/hooks';
import { sentence } from './core';
import { isMail } from './form';
import { isAway, reason } from './home';
import { Icon, Sheet } from './parts';
import type { Conversation, Settings, Visitor } from './types';
import { end, leave, rate, transcript } from './verbs';
import { t, wait, when } from './words';

/** Does something, and says what went wrong. */
function useDoing(): [string | null, boolean, (work: Promise<unknown>, then: () => void) => void] {
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const go = (work: Promise<unknown>, then: () => void) => {
    setBusy(true);
    setFault(null);
    work.then(then, (error) => setFault(sentence(error))).finally(() => setBusy(false));
  };
  return [fault, busy, go];
}

/** Asks for an address, for the answer or for a copy of the conversation. */
export function MailSheet({ id, kind, visitor, onClose }: { id: string; kind: 'leave' | 'transcript'; visitor: Visitor | null; onClose: () => void }) {
  const [email, setEmail] = useState(visitor?.email ?? '');
  const [fault, busy, go] = useDoing();
  const [wrong, setWrong] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    setWrong(!isMail(email));
    if (isMail(email) && !busy) go(kind === 'leave' ? leave(id, email.trim()) : transcript(id, email.trim()), onClose);
  };
  const problem = fault ?? (wrong ? t('need_mail') : null);
  return (
    <Sheet title={t(`${kind}_title`)} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <p class="dim">{t(`${kind}_text`)}</p>
        <label for="mail">{t('your_mail')}</label>
        <input
          id="mail"
          type="email"
          autocomplete="email"
          value={email}
          onInput={(event) => setEmail(event.currentTarget.value)}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'mail-e' : undefined}
        />
        {problem && (
          <p class="fault" id="mail-e" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="btn primary" aria-disabled={busy}>
          {t(`${kind}_do`)}
        </button>
      </form>
    </Sheet>
  );
}

export function EndSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const [fault, busy, go] = useDoing();
  return (
    <Sheet title={t('end_title')} onClose={onClose}>
      <p class="dim">{t('end_text')}</p>
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="row">
        <button type="button" class="btn primary grow" aria-disabled={busy} onClick={() => go(end(id), onClose)}>
          {t('end_do')}
        </button>
        <button type="button" class="btn" onClick={onClose}>
          {t('end_not')}
        </button>
      </div>
    </Sheet>
  );
}

/** How long it takes, said as exactly as it is known; and what one can do instead of waiting. */
export function WaitCard({ one, settings, onLeave, onCall }: { one: Conversation; settings: Settings; onLeave: () => void; onCall: () => void }) {
  const away = isAway(settings);
  const opens = settings.team?.opens_at;
  const seconds = one.wait?.expected_seconds ?? null;
  const passed = (Date.now() - Date.parse(one.created_at)) / 1000;
  const title = away ? t('away_title') : seconds !== null ? t('about', { time: wait(seconds) }) : t('wait_title');
  const lines = [
    away && opens ? t('away_until', { when: when(opens) }) : '',
    !away && one.wait ? (one.wait.ahead > 0 ? t('ahead', { n: one.wait.ahead }) : t('ahead_none')) : '',
    reason(one.wait?.reason ?? null),
  ];
  return (
    <div class="wait">
      <h2>{title}</h2>
      <p>{lines.filter(Boolean).join(' ') || t('wait_text')}</p>
      {!away && seconds !== null && <progress value={passed} max={passed + seconds} aria-hidden="true" />}
      {one.mail ? (
        <p class="dim">{t('mail_goes', { email: one.mail })}</p>
      ) : (
        <button type="button" class="btn" onClick={onLeave}>
          <Icon name="mail" />
          {t('leave_do_long')}
        </button>
      )}
      {settings.callback && (
        <button type="button" class="btn" onClick={onCall}>
          <Icon name="phone" />
          {t('call_title')}
        </button>
      )}
      <p class="dim">{t(away ? 'keeps_words' : 'keeps_place')}</p>
    </div>
  );
}

/** What the visitor thought of it, asked once. */
export function Rating({ one, onDone }: { one: Conversation; onDone: () => void }) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const [fault, busy, go] = useDoing();
  return (
    <form
      class="rate"
      onSubmit={(event) => {
        event.preventDefault();
        if (score && !busy) go(rate(one.id, score, comment.trim()), onDone);
      }}
    >
      <fieldset>
        <legend>{t('rate_title')}</legend>
        <div class="scores">
          {([1, 2, 3, 4, 5] as const).map((value) => (
            <label key={value} class={score === value ? 'on' : ''}>
              <input type="radio" name="score" class="sr" checked={score === value} onChange={() => setScore(value)} />
              <Icon name={`face${(value - 1) as 0 | 1 | 2 | 3 | 4}`} size={28} />
              {t(`score_${value}`)}
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <textarea
          rows={3}
          maxLength={2000}
          placeholder={t('rate_why')}
          aria-label={t('rate_why')}
          value={comment}
          onInput={(event) => setComment(event.currentTarget.value)}
        />
      )}
      {fault && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <div class="row">
        <button type="submit" class="btn primary grow" aria-disabled={!score || busy}>
          {t('rate_do')}
        </button>
        <button type="button" class="btn quiet" onClick={onDone}>
          {t('rate_not')}
        </button>
      </div>
    </form>
  );
}
