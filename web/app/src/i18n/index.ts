import type { Language } from '@api';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Message files are one per area and language: `messages/<area>.<language>.json`. The area is the first word of every key. */
const files = import.meta.glob<Record<string, unknown>>('../messages/*.json', { import: 'default' });

export type Area = 'app' | 'work' | 'entry' | 'settings' | 'form' | 'mailbox' | 'view' | 'library' | 'bulk' | 'company' | 'chat' | 'routing' | 'visitor';

const REMEMBERED = 'sonnim.language';
const loaded = new Set<string>();

/** The language to start with: the one chosen before, else the browser's, else English. */
export function firstLanguage(): Language {
  const kept = localStorage.getItem(REMEMBERED);
  if (kept === 'en' || kept === 'ko') return kept;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('ko')) && navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

async function load(language: Language, area: Area): Promise<void> {
  const name = `${area}.${language}`;
  if (loaded.has(name)) return;
  const file = files[`../messages/${name}.json`];
  if (!file) return;
  i18next.addResourceBundle(language, 'translation', { [area]: await file() }, true, true);
  loaded.add(name);
}

const areas = new Set<Area>();
/** The language that the app is changing to. */
let coming: Language | null = null;

/** Loads the words of an area in the language in use, and in the one that is on its way; later language changes load it too. */
export async function needArea(area: Area): Promise<void> {
  areas.add(area);
  await Promise.all([load(i18next.language as Language, area), coming && load(coming, area)]);
}

/** Switches the whole app to a language and remembers it on this device. */
export async function setLanguage(language: Language): Promise<void> {
  coming = language;
  await Promise.all([...areas].map((area) => load(language, area)));
  // Another change may have overtaken this one.
  if (coming !== language) return;
  await i18next.changeLanguage(language);
  coming = null;
  document.documentElement.lang = language;
  nameForInstalling(language);
  localStorage.setItem(REMEMBERED, language);
}

/** What the app is called where it is installed, in the language of its user. */
function nameForInstalling(language: Language): void {
  document.querySelector('link[rel=manifest]')?.setAttribute('href', `/manifest.${language}.webmanifest`);
}

export async function startLanguage(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    keySeparator: '.',
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  document.documentElement.lang = language;
  nameForInstalling(language);
  await Promise.all([needArea('app'), needArea('work'), needArea('view')]);
}

export { i18next };
