import { part, show } from './core';
import { say } from './link';
import { Avatar, Icon, IconButton } from './parts';
import type { State } from './store';
import type { Conversation, Settings } from './types';
import { ago, has, list, t, wait, when } from './words';

/** Whether somebody by this name is there now. */
export const isHere = ({ team }: Settings, name: string | undefined) => !!team?.people.some((person) => person.name === name);
/** Whether we know that nobody is. */
export const isAway = ({ team }: Settings) => team?.open === false;

/** Who is there, in one line. */
export function presence({ team, away_text }: Settings): string {
  if (!team) return t('hello');
  if (!team.open) return away_text || (team.opens_at ? t('away_until', { when: when(team.opens_at) }) : t('away'));
  const names = team.people.map((person) => person.name);
  // Open by the clock is nobody yet.
  return names.length > 0 ? t('here', { names: list(names), n: names.length }) : t('hello');
}

/** How long an answer takes, where it is known. */
export function promise({ team }: Settings): string {
  if (team && !team.open) return t('answer_by_mail');
  return team?.wait?.expected_seconds != null ? t('usually', { time: wait(team.wait.expected_seconds) }) : t('answer_here');
}

export function Home({ state, settings }: { state: State; settings: Settings }) {
  const find = state.articles && articles();
  return (
    <div class="home">
      <header class="hello">
        <div class="row">
          <span class="faces grow">
            {settings.team?.people.map((person) => (
              <Avatar key={person.name} name={person.name} initials={person.initials} size={36} here />
            ))}
          </span>
          <IconButton icon="x" label={t('close')} onClick={() => say('close')} />
        </div>
        <h1>{settings.greeting || t('greeting')}</h1>
        <p>{presence(settings)}</p>
      </header>
      <main class="cards">
        <button type="button" class="card ask" id="ask" onClick={() => show(null)}>
          <span class="grow">
            <b>{t('write')}</b>
            <span class="dim">{promise(settings)}</span>
          </span>
          <span class="go">
            <Icon name="send" />
          </span>
        </button>
        {find && <find.Articles />}
        {state.conversations.length > 0 && (
          <section class="card" aria-labelledby="earlier">
            <h2 id="earlier">{t('conversations')}</h2>
            <ul>
              {state.conversations.slice(0, 20).map((one) => (
                <Row key={one.id} one={one} settings={settings} />
              ))}
            </ul>
          </section>
        )}
      </main>
    </div>
  );
}

/** A search in the site's articles, fetched where the site has one. */
const articles = part(() => import('./articles'));

function Row({ one, settings }: { one: Conversation; settings: Settings }) {
  const name = one.agent?.name ?? settings.inbox_name;
  return (
    <li>
      <button type="button" class="talkrow" onClick={() => show(one.id)}>
        <Avatar name={name} initials={one.agent?.initials ?? [...name][0] ?? ''} size={32} />
        <span class="grow">
          <b class="t1">{one.subject}</b>
          <span class="dim t1">{one.preview || t(`state_${one.state}`)}</span>
        </span>
        <span class="aside">
          <span class="dim">{ago(one.last_at)}</span>
          {one.unread > 0 ? (
            <span class="count">
              {one.unread > 9 ? '9+' : one.unread}
              <span class="sr">{t('unread_words')}</span>
            </span>
          ) : null}
        </span>
      </button>
    </li>
  );
}

/** Why one waits, where the server gives a reason that we have words for. */
export const reason = (code: string | null): string => (code && has(`reason_${code}`) ? t(`reason_${code}`) : '');
