import { useEffect, useRef, useState } from 'preact/hooks';
import { type Article, read } from './found';
import { say } from './link';
import './articles.css';
import { t } from './words';

/** So long nobody waits for a site's own search, in ms. */
const PATIENCE = 5000;
let asked = 0;
let answer: ((items: Article[] | null) => void) | null = null;

/** The site has found something, or nothing. */
export function found({ n, items }: { n: number; items: unknown }): void {
  if (n === asked) answer?.(read(items));
}

const search = (q: string): Promise<Article[] | null> =>
  new Promise((resolve) => {
    answer = resolve;
    say('search', { n: ++asked, q });
    setTimeout(() => resolve(null), PATIENCE);
  });

/** A search in what the site has written already. */
export function Articles() {
  const [q, setQ] = useState('');
  const [items, setItems] = useState<Article[] | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const turn = useRef(0);
  useEffect(() => {
    const words = q.trim();
    const mine = ++turn.current;
    if (words.length < 2) {
      setState('idle');
      setItems(null);
      return;
    }
    const timer = setTimeout(async () => {
      setState('busy');
      const all = await search(words);
      if (mine !== turn.current) return;
      setItems(all ?? []);
      setState('done');
    }, 250);
    return () => clearTimeout(timer);
  }, [q]);
  return (
    <section class="card">
      <label class="find">
        <span class="strong">{t('articles')}</span>
        <input type="search" value={q} maxLength={200} autocomplete="off" onInput={(event) => setQ(event.currentTarget.value)} />
      </label>
      <p class={state === 'done' && items?.length === 0 ? 'dim none' : 'sr'} role="status">
        {state === 'done' ? (items && items.length > 0 ? `${t('articles')}: ${items.length}` : t('articles_none')) : ''}
      </p>
      {items && items.length > 0 && (
        <ul aria-busy={state === 'busy'}>
          {items.map((one) => (
            <li key={one.url}>
              <a class="talkrow" href={one.url} target="_blank" rel="noopener noreferrer">
                <span class="grow">
                  <b class="t1">{one.title}</b>
                  {one.snippet && <span class="dim t1">{one.snippet}</span>}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
