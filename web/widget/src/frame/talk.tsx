import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type CallSheet from './call';
import { Composer, inject } from './composer';
import { goHome } from './core';
import { type Answers, faults, given, PreChat } from './form';
import { isAway, isHere, presence, promise } from './home';
import { Interactive } from './interactive';
import { keep } from './keep';
import { say } from './link';
import { Bubble, Waiting } from './message';
import { isNew, type Letter } from './outbox';
import { EndSheet, MailSheet, Rating, WaitCard } from './panels';
import { Avatar, Icon, IconButton } from './parts';
import { conversation, type State, set } from './store';
import type { Conversation, FormField, Message, Settings } from './types';
import { loadThread, markRead, takeBack, write } from './verbs';
import './talk.css';
import { clock, day, isSameDay, t, when } from './words';

/** How it stands, under the name. */
function standing(one: Conversation | undefined, settings: Settings): string {
  if (!one) return presence(settings);
  if (one.state === 'ended') return t('state_ended');
  if (one.state === 'on_hold') return t('state_on_hold');
  if (one.agent) return isHere(settings, one.agent.name) ? t('here_now') : settings.inbox_name;
  return isAway(settings) ? presence(settings) : t('state_waiting');
}

/** Questions for a new conversation; an address is asked for when nobody is there and none is known. */
function questions(settings: Settings, email: string | null | undefined): FormField[] {
  const { when: at, fields } = settings.pre_chat;
  const asked = at === 'always' || (at === 'away' && isAway(settings)) ? fields : [];
  const needsMail = isAway(settings) && !email && !asked.some((field) => field.key === 'email' || field.kind === 'email');
  return needsMail ? [...asked, { key: '@', label: t('your_mail'), kind: 'email', required: false, choices: [] }] : asked;
}

export function Talk({ state, settings }: { state: State; settings: Settings }) {
  const id = state.current;
  const one = conversation(id);
  const thread = id ? state.threads[id] : undefined;
  const items = thread?.items ?? [];
  const known = new Set(items.map((message) => message.client_key));
  const pending = state.box.filter((letter) => letter.conversation === id && !known.has(letter.key));
  const isFresh = !one && pending.length === 0;
  const asks = isFresh ? questions(settings, state.visitor?.email) : [];
  const [answers, setAnswers] = useState<Answers>({});
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [sheet, setSheet] = useState<'menu' | 'leave' | 'transcript' | 'end' | 'call' | null>(null);
  const [Call, setCall] = useState<typeof CallSheet | null>(null);
  // Few ask to be called: the form comes when they do.
  useEffect(() => {
    if (sheet === 'call' && !Call)
      import('./call').then(
        (part) => setCall(() => part.default),
        () => setSheet(null),
      );
  }, [sheet, Call]);
  const [unrated, setUnrated] = useState(false);
  // What an agent wrote by hand begins a chat with that agent.
  const said = one ? null : state.first;
  const who = one?.agent ?? (said?.rule === 'agent' && said.name ? said : null);
  const name = who?.name ?? settings.name;
  const mayWrite = !settings.identity.required || state.visitor?.identified;

  const isThere = thread !== undefined;
  useEffect(() => {
    if (id && !isNew(id) && !isThere) void loadThread(id);
    else markRead();
  }, [id, isThere]);

  const send = (text: string, files: Parameters<typeof write>[1]): boolean => {
    const missing = faults(asks, answers);
    setWrong(missing);
    const first = Object.keys(missing)[0];
    if (first) {
      document.getElementById(`f-${first}`)?.focus();
      return false;
    }
    const { '@': email, ...form } = given(asks, answers);
    write(text, files, form, email);
    return true;
  };

  return (
    <div class="talk">
      <header class="mh">
        <IconButton icon="left" label={t('back')} onClick={goHome} />
        <Avatar name={name} initials={who?.initials ?? [...name][0] ?? ''} here={isHere(settings, one?.agent?.name)} />
        <div class="grow">
          <h1 class="t1">{name}</h1>
          <p class="dim t1" aria-live="polite">
            {standing(one, settings)}
          </p>
        </div>
        <IconButton icon="dots" label={t('more')} onClick={() => setSheet(sheet === 'menu' ? null : 'menu')} expanded={sheet === 'menu'} id="more" />
        <IconButton icon="x" label={t('close')} onClick={() => say('close')} />
      </header>
      {sheet === 'menu' && <Menu one={one} sound={state.sound} onPick={setSheet} />}
      {!state.live && (
        <p class="line" role="status">
          {t('offline_line')}
        </p>
      )}
      <Log key={id && !isNew(id) ? id : 'new'} items={items} next={thread?.next ?? null} count={items.length + pending.length} id={id}>
        {thread?.state === 'failed' && id && (
          <p class="sys">
            {t('thread_failed')}{' '}
            <button type="button" class="link" onClick={() => loadThread(id)}>
              {t('try_again')}
            </button>
          </p>
        )}
        {(isFresh || said) && (
          <div class="msg us">
            <p class="bub">{said?.text || settings.greeting || t('greeting')}</p>
            <p class="by">{said ? (said.name ?? settings.name) : promise(settings)}</p>
          </div>
        )}
        {asks.length > 0 && (
          <PreChat
            title={t(isAway(settings) ? 'form_away' : 'form_title')}
            fields={asks}
            answers={answers}
            wrong={wrong}
            onChange={(all) => {
              setAnswers(all);
              if (Object.keys(wrong).length > 0) setWrong(faults(asks, all));
            }}
          />
        )}
        {one?.invitation && !thread?.next && (
          <div class="msg us">
            <p class="bub">{one.invitation.text}</p>
            <p class="by">{one.invitation.name ?? settings.name}</p>
          </div>
        )}
        <Messages items={items} seen={one?.agent_read ?? null} box={pending} />
        {pending.map((letter) => (
          <Waiting
            key={letter.key}
            letter={letter}
            live={state.live}
            onEdit={() => {
              const back = takeBack(letter.key);
              if (back) inject.current?.(back.text, back.files);
            }}
          />
        ))}
        {one?.callback && (
          <div class="wait" role="status">
            <h2>{one.callback.wanted_at ? t('call_at', { when: when(one.callback.wanted_at) }) : t('call_soon')}</h2>
            <p>{t('call_there', { phone: one.callback.phone })}</p>
          </div>
        )}
        {one?.state === 'waiting' && !one.callback && (
          <WaitCard one={one} settings={settings} onLeave={() => setSheet('leave')} onCall={() => setSheet('call')} />
        )}
        {one?.state === 'on_hold' && one.hold && (
          <div class="wait">
            <h2>{one.hold.until ? t('hold_until', { when: when(one.hold.until) }) : t('state_on_hold')}</h2>
            {one.hold.text && <p>{one.hold.text}</p>}
          </div>
        )}
        {one && one.state !== 'waiting' && one.state !== 'ended' && one.mail && <p class="sys">{t('mail_goes', { email: one.mail })}</p>}
        {one?.state === 'ended' && (
          <>
            <p class="sys">{t('ended')}</p>
            {!one.rating && !unrated && items.some((message) => message.from === 'agent') && <Rating one={one} onDone={() => setUnrated(true)} />}
            {one.rating && <p class="sys">{t('rated')}</p>}
            <button type="button" class="link center" onClick={() => setSheet('transcript')}>
              {t('transcript_title')}
            </button>
          </>
        )}
        {id && state.typing[id] !== undefined && (
          <p class="by typing">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            {t('typing', { name: state.typing[id] || name })}
          </p>
        )}
      </Log>
      {state.notice && (
        <p class="notice" role="status">
          <span class="grow">{state.notice}</span>
          <IconButton icon="x" size={16} label={t('dismiss')} onClick={() => set({ notice: null })} />
        </p>
      )}
      {one && (sheet === 'leave' || sheet === 'transcript') && (
        <MailSheet key={sheet} id={one.id} kind={sheet} visitor={state.visitor} onClose={() => setSheet(null)} />
      )}
      {one && sheet === 'call' && Call && <Call id={one.id} onClose={() => setSheet(null)} />}
      {one && sheet === 'end' && <EndSheet id={one.id} onClose={() => setSheet(null)} />}
      {mayWrite ? (
        <Composer conversation={id} settings={settings} placeholder={t(items.length + pending.length > 0 ? 'add' : 'message_to')} onSend={send} />
      ) : (
        <p class="sys pad">{t('identity_required')}</p>
      )}
    </div>
  );
}

function Messages({ items, seen, box }: { items: Message[]; seen: string | null; box: Letter[] }) {
  const read = items.findIndex((message) => message.id === seen);
  const lastMine = items.findLastIndex((message) => message.from === 'customer');
  return (
    <>
      {items.map((message, i) => {
        const before = items[i - 1];
        const isNewDay = !before || !isSameDay(before.at, message.at);
        const isFirst = isNewDay || before.from !== message.from || before.name !== message.name || Date.parse(message.at) - Date.parse(before.at) > 300_000;
        return (
          <Fragment key={message.id}>
            {isNewDay && <p class="sys">{day(message.at)}</p>}
            <Bubble message={message} isFirst={isFirst} mark={i !== lastMine ? null : read >= i ? 'seen' : 'sent'} />
            {message.interactive && (
              <Interactive
                message={message}
                answered={items.some((one) => one.answers === message.id) || box.some((letter) => letter.answer?.to === message.id)}
                past={lastMine > i || box.length > 0}
              />
            )}
          </Fragment>
        );
      })}
    </>
  );
}

/** The scrolled part: stays at its end while one is there, and where one reads while older ones come in above. */
function Log({
  id,
  items,
  next,
  count,
  children,
}: {
  id: string | null;
  items: Message[];
  next: string | null;
  count: number;
  children: preact.ComponentChildren;
}) {
  const log = useRef<HTMLDivElement>(null);
  const place = useRef({ first: '', height: 0, atEnd: true });
  const first = items[0]?.id ?? '';
  useLayoutEffect(() => {
    const box = log.current;
    if (!box) return;
    const was = place.current;
    if (was.first && first !== was.first && count > 0) box.scrollTop += box.scrollHeight - was.height;
    else if (was.atEnd) box.scrollTop = box.scrollHeight;
    place.current = { first, height: box.scrollHeight, atEnd: box.scrollHeight - box.scrollTop - box.clientHeight < 80 };
  });
  // Own words always come into sight.
  useEffect(() => {
    const box = log.current;
    if (box && count > 0) box.scrollTop = box.scrollHeight;
  }, [count]);
  return (
    <main>
      <div
        class="log"
        ref={log}
        role="log"
        aria-label={t('conversation')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys must be able to do that
        tabIndex={0}
        onScroll={(event) => {
          const box = event.currentTarget;
          place.current.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
          if (box.scrollTop < 60 && next && id) {
            place.current.height = box.scrollHeight;
            void loadThread(id, next);
          }
        }}
      >
        {children}
      </div>
    </main>
  );
}

function Menu({ one, sound, onPick }: { one: Conversation | undefined; sound: boolean; onPick: (sheet: 'leave' | 'transcript' | 'end' | null) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('button')?.focus();
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node) && !(event.target as Element).closest?.('#more')) onPick(null);
    };
    addEventListener('pointerdown', away);
    return () => removeEventListener('pointerdown', away);
  }, [onPick]);
  const shut = () => {
    onPick(null);
    document.getElementById('more')?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it, from any of its buttons
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        shut();
      }}
    >
      <button
        type="button"
        aria-pressed={sound}
        onClick={() => {
          set({ sound: !sound });
          keep.set('mute', sound ? '1' : null);
          shut();
        }}
      >
        <Icon name={sound ? 'sound' : 'mute'} />
        {t(sound ? 'sound_off' : 'sound_on')}
      </button>
      {one && (
        <>
          {one.state !== 'ended' && !one.mail && (
            <button type="button" onClick={() => onPick('leave')}>
              <Icon name="mail" />
              {t('leave_do_long')}
            </button>
          )}
          <button type="button" onClick={() => onPick('transcript')}>
            <Icon name="file" />
            {t('transcript_title')}
          </button>
          {one.state !== 'ended' && (
            <button type="button" onClick={() => onPick('end')}>
              <Icon name="check" />
              {t('end_title')}
            </button>
          )}
          <p class="dim">{t('began', { day: day(one.created_at), time: clock(one.created_at) })}</p>
        </>
      )}
    </div>
  );
}
