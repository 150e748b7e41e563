import type { SearchHit } from '@api';
import { Empty, Icon, IconButton } from '@ui';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Broken } from '../shell/broken';
import { pathOf, usePlace } from '../shell/place';
import { RowSkeletons, Rows } from './list';
import { useSearch } from './queries';
import { cutRanges } from './snippet';

/** The search field above its results. */
export function SearchBox({ value, onChange, onLeave }: { value: string; onChange: (value: string) => void; onLeave: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="list-search">
      <div className="input">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          aria-label={t('app.command.search')}
          placeholder={t('app.search.placeholder')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onLeave();
            if (event.key === 'ArrowDown' || (event.key === 'Enter' && !event.nativeEvent.isComposing)) {
              event.preventDefault();
              document.getElementById('rows')?.focus();
            }
          }}
        />
      </div>
    </div>
  );
}

/** A found passage with the found words marked. */
export function Snippet({ hit }: { hit: SearchHit }): ReactNode {
  return cutRanges(hit.snippet, hit.ranges).map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one constant text
    part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
  );
}

/** Search as one types, in place of a view's rows. */
export default function SearchResults() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const [text, setText] = useState(place.q);
  const wanted = useDeferredValue(text.trim());
  const search = useSearch(wanted);
  const hits = search.data?.items;
  const rows = useMemo(() => [...new Map((hits ?? []).map((hit) => [hit.conversation.id, hit.conversation])).values()], [hits]);
  const snippets = useMemo(() => new Map((hits ?? []).map((hit) => [hit.conversation.id, hit])), [hits]);

  useEffect(() => {
    if (wanted === place.q) return;
    const timer = setTimeout(() => void navigate(pathOf({ view: 'search', q: wanted, id: place.id }), { replace: true }), 300);
    return () => clearTimeout(timer);
  }, [wanted, place.q, place.id, navigate]);

  const leave = () => void navigate(pathOf({ view: 'all_open' }));
  return (
    <>
      <div className="hbar">
        <span className="hang">
          <IconButton icon="back" label={t('app.back')} onPress={leave} />
        </span>
        {place.id === null ? <h1 className="t1">{t('app.search.title')}</h1> : <h2 className="t1">{t('app.search.title')}</h2>}
        {wanted && hits ? <span className="faint small num">{rows.length}</span> : null}
      </div>
      <SearchBox value={text} onChange={setText} onLeave={leave} />
      {!wanted ? (
        <div className="pane-empty">
          <p className="faint small">{t('app.search.hint')}</p>
        </div>
      ) : search.isError ? (
        <Broken error={search.error} onRetry={() => void search.refetch()} />
      ) : search.isPending ? (
        <RowSkeletons />
      ) : rows.length === 0 ? (
        <div className="pane-empty">
          <Empty icon="search" title={t('app.search.none', { q: wanted })}>
            {t('app.search.none_hint')}
          </Empty>
        </div>
      ) : (
        <Rows
          rows={rows}
          label={t('app.search.title')}
          isGone={() => false}
          preview={(c) => {
            const hit = snippets.get(c.id);
            return hit?.snippet ? <Snippet hit={hit} /> : undefined;
          }}
        />
      )}
    </>
  );
}
