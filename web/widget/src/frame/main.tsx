import { render } from 'preact';
import type { Init, ToFrame } from '../protocol';
import { Refusal, tokenNow, widgetKey } from './api';
import { palette } from './colour';
import { later, live, loadSettings, part, sentence, show } from './core';
import { Home } from './home';
import { keep } from './keep';
import { listen, say } from './link';
import type { Letter } from './outbox';
import { now, onChange, set } from './store';
import type { Talk as Talking } from './talk';
import { languages, pick, speak, t } from './words';
import '../../../ui/tokens.css';
import './frame.css';

const root = document.getElementById('frame') as HTMLElement;

let Talk: typeof Talking | null = null;
const fetchTalk = async () => {
  const all = await later();
  if (!Talk) {
    Talk = all.Talk;
    set({ turn: now().turn + 1 });
  }
  return all;
};

const card = part(() => import('./card'));

function Frame() {
  const state = now();
  const { settings, failed } = state;
  if (state.card && state.first && settings && !state.open) {
    const all = card();
    return all && <all.Card first={state.first} settings={settings} />;
  }
  if (failed)
    return (
      <div class="fail" role="alert">
        <p>{failed}</p>
        <button type="button" class="btn" onClick={begin}>
          {t('try_again')}
        </button>
      </div>
    );
  if (!settings) return null;
  if (state.view === 'home') return <Home state={state} settings={settings} />;
  if (Talk) return <Talk state={state} settings={settings} />;
  fetchTalk().catch(() => set({ failed: t('offline') }));
  return null;
}

const draw = () => {
  const { settings } = now();
  const colours = settings && palette(settings.theme.colour);
  if (settings && colours) {
    const { style } = document.documentElement;
    for (const [name, [light, dark]] of Object.entries(colours.tokens)) style.setProperty(name, `light-dark(${light}, ${dark})`);
  }
  render(<Frame />, root);
};
onChange(draw);

/** Tells the launcher how it looks in this inbox and language. */
const face = () => {
  const { settings } = now();
  const colours = settings && palette(settings.theme.colour);
  if (!settings || !colours) return;
  say('ready', {
    colour: colours.launcher,
    ink: colours.launcherInk,
    position: settings.theme.position,
    words: [t('launch', { name: settings.name }), t('close'), t('frame', { name: settings.name }), t('unread_many')],
  });
};

async function language(wanted: string | null): Promise<void> {
  await speak(pick([wanted, ...navigator.languages], languages));
}

/** Seldom wanted. */
const rare = () => import('./rare');

let asked: string | null = null;
async function begin(): Promise<void> {
  set({ failed: null });
  try {
    await Promise.all([loadSettings(), keep.get('token') ? later().then((all) => all.session()) : null]);
    face();
    const at = keep.get('at');
    if (at && now().view === 'home') {
      const id = at === 'new' ? null : at;
      if (!id || now().conversations.some((one) => one.id === id)) show(id);
    }
    if (now().box.length > 0) await (await later()).flush();
    if (now().settings?.live || now().settings?.invitations)
      rare().then(
        (all) => all.about(),
        () => {},
      );
    (window.requestIdleCallback ?? setTimeout)(() => fetchTalk().catch(() => {}));
  } catch (error) {
    const passes = error instanceof Refusal && error.passes;
    // Not proven any more who it is: without a token until the site says it again.
    if (now().settings && !passes) {
      keep.set('token', null);
      face();
    } else if (now().settings) setTimeout(begin, 5000);
    else set({ failed: error instanceof Refusal && error.status === 404 ? t('not_there') : sentence(error) });
  }
}

async function init({ setLocale: locale, setTheme: theme, consent, sound, open, page, articles }: Init): Promise<void> {
  keep.begin(widgetKey, consent);
  dress(theme ?? 'auto');
  asked = locale;
  set({ open, page, articles, sound: sound && !keep.get('mute'), box: keep.json<Letter[]>('box', []) });
  await language(locale);
  await begin();
  focus();
}

const dress = (theme: string) => {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
};

/** Where a visitor who opens the messenger stands: in the composer, or on the first thing there is. */
/** Open by the page's last word, which may be newer than what is done of it. */
let wanted = false;
const focus = () => {
  if (wanted) (root.querySelector<HTMLElement>('textarea:not([id])') ?? root.querySelector<HTMLElement>('#ask'))?.focus();
};

let begun: Promise<void> = Promise.resolve();
const hear = (said: ToFrame) => {
  const [name, value] = said;
  if (name === 'init') wanted = value.open;
  else if (name === 'open' || name === 'close') wanted = name === 'open';
  if (name === 'init') begun = init(value);
  else
    begun = begun.then(async () => {
      if (name === 'open') {
        // Who opens the messenger beside an invitation comes to answer it.
        const { card } = now();
        set({ open: wanted, page: value, card: false });
        if (card) {
          say('card', 0);
          show(null);
        }
        // The one conversation that goes on is what most come back for.
        const waiting = now().conversations.filter((one) => one.unread > 0);
        if (!card && now().view === 'home' && waiting[0] && waiting.length === 1) show(waiting[0].id);
        if (keep.get('token')) {
          const all = await later();
          all.wake();
          all.markRead();
        }
        focus();
        await loadSettings().catch(() => {});
      } else if (name === 'close') set({ open: false });
      else if (name === 'page') {
        const isOther = now().page?.url !== value.url;
        set({ page: value });
        if (isOther && (now().settings?.live || now().settings?.invitations)) await (await rare()).hearRare(said);
      } else if (name === 'setTheme') dress(value);
      else if (name === 'setLocale') {
        if (value === asked) return;
        asked = value;
        await language(value);
        set({ turn: now().turn + 1 });
        await loadSettings().catch(() => {});
        face();
      } else await (await rare()).hearRare(said);
    });
};

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  if (now().card) live().then((all) => all.dismiss());
  else say('close');
});
/** What only somebody with a session needs. */
const known = (work: (all: Awaited<ReturnType<typeof later>>) => void) => () => {
  if (keep.get('token')) later().then(work, () => {});
};
const read = known((all) => all.markRead());
addEventListener('focus', read);
document.addEventListener('visibilitychange', read);
addEventListener(
  'online',
  known((all) => all.wake()),
);
addEventListener('online', () => keep.get('token') || set({ live: true }));
addEventListener('offline', () => set({ live: false }));
// Who is there changes without a word of the stream.
setInterval(() => {
  if (now().open && !document.hidden) loadSettings().catch(() => {});
}, 60_000);
keep.watch((name) => {
  if (name === 'box') set({ box: keep.json<Letter[]>('box', []) });
  else if (name === 'token' && keep.get('token') !== tokenNow()) known((all) => all.session().catch(() => {}))();
});

// Alone in a tab there is nobody to say how to begin: the messenger is a page then, for links in mails.
if (!listen(hear)) hear(['init', { setLocale: null, setTheme: null, consent: true, sound: true, open: true, page: null, articles: false }]);
