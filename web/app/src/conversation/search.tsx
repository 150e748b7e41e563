import { type Filter, Problem, type SearchHit } from '@api';
import { Button, Empty, Icon, IconButton } from '@ui';
import { lazy, type ReactNode, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFields } from '../field/queries';
import { useAgents, useInboxes, useTags, useTeams } from '../people/queries';
import { useMay } from '../session/queries';
import { Broken } from '../shell/broken';
import { pathOf, usePlace } from '../shell/place';
import { accept, complete, isTyped, type Suggestion } from '../view/filter';
import { readTyped, useTyped } from '../view/queries';
import { PickButton, RowSkeletons, Rows } from './list';
import { useSearch } from './queries';
import { cutRanges } from './snippet';

const ViewEditor = lazy(() => import('../view/editor'));

/** The search field above its results, with what its last word may become. */
export function SearchBox({ value, onChange, onLeave }: { value: string; onChange: (value: string) => void; onLeave: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const suggestions = useSuggestions(value);
  const [at, setAt] = useState(-1);
  const [closed, setClosed] = useState(false);
  useEffect(() => field.current?.focus(), []);
  const open = suggestions.length > 0 && !closed;
  const take = (suggestion: Suggestion) => {
    onChange(accept(value, suggestion));
    setAt(-1);
    field.current?.focus();
  };
  return (
    <div className="list-search">
      <div className="input">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          role="combobox"
          aria-expanded={open}
          aria-controls="search-suggestions"
          aria-autocomplete="list"
          aria-activedescendant={open && at >= 0 ? `suggestion-${at}` : undefined}
          aria-label={t('app.command.search')}
          placeholder={t('app.search.placeholder')}
          value={value}
          onChange={(event) => {
            onChange(event.target.value);
            setAt(-1);
            setClosed(false);
          }}
          onKeyDown={(event) => {
            const chosen = open ? suggestions[at] : undefined;
            if (event.key === 'Escape') {
              if (open) setClosed(true);
              else onLeave();
            } else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
              event.preventDefault();
              setAt((at + (event.key === 'ArrowDown' ? 1 : suggestions.length + (at < 0 ? 0 : -1))) % suggestions.length);
            } else if (open && (event.key === 'Tab' || (event.key === 'Enter' && chosen)) && !event.nativeEvent.isComposing) {
              const first = chosen ?? suggestions[0];
              if (!first || event.shiftKey) return;
              event.preventDefault();
              take(first);
            } else if (event.key === 'ArrowDown' || (event.key === 'Enter' && !event.nativeEvent.isComposing)) {
              event.preventDefault();
              document.getElementById('rows')?.focus();
            }
          }}
        />
      </div>
      <div id="search-suggestions" role="listbox" aria-label={t('view.suggestions')} className="chips suggestions" hidden={!open}>
        {suggestions.map((one, n) => (
          <span
            key={one.label}
            id={`suggestion-${n}`}
            role="option"
            aria-selected={n === at}
            tabIndex={-1}
            className="chip"
            data-tone={n === at ? 'accent' : 'line'}
            data-size="m"
            onPointerDown={(event) => {
              event.preventDefault();
              take(one);
            }}
          >
            <span className="t1">{one.label}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

function useSuggestions(value: string): Suggestion[] {
  const agents = useAgents().data;
  const teams = useTeams().data;
  const inboxes = useInboxes().data;
  const tags = useTags().data;
  const fields = useFields().data;
  return useMemo(() => {
    const names = (list: readonly { name: string }[] | undefined) => (list ?? []).map((one) => one.name);
    // A custom field is offered by its key, with its options where it has some.
    const customs = (fields ?? []).map((one): [string, string[]] => {
      const options = 'options' in one.type ? one.type.options.filter((o) => !o.archived).map((o) => o.label.en || o.label.ko || o.key || '') : [];
      return [
        `field.${one.key}`,
        [...options, ...(one.type.kind === 'checkbox' ? ['yes', 'no'] : one.type.kind === 'date' ? ['today', '<today', 'none'] : ['none'])],
      ];
    });
    return complete(value, { assignee: names(agents), team: names(teams), inbox: names(inboxes), tag: names(tags), ...Object.fromEntries(customs) });
  }, [value, agents, teams, inboxes, tags, fields]);
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
  // Plain words are looked for in messages and shown where they stand; a typed query chooses conversations.
  const isQuery = isTyped(wanted);
  const plain = useSearch(isQuery ? '' : wanted);
  const typed = useTyped(wanted, isQuery);
  const search = isQuery ? typed : plain;
  const hits = isQuery ? undefined : plain.data?.items;
  const found = isQuery ? typed.data?.items : undefined;
  const rows = useMemo(
    () => (isQuery ? [...(found ?? [])] : [...new Map((hits ?? []).map((hit) => [hit.conversation.id, hit.conversation])).values()]),
    [isQuery, found, hits],
  );
  const fault = isQuery && typed.error instanceof Problem && typed.error.code === 'malformed' ? typed.error.errors[0]?.detail : undefined;
  const [saving, setSaving] = useState<Filter | null>(null);
  const mayMake = useMay('conversation.write');
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
        {wanted && search.data ? <span className="faint small num">{rows.length}</span> : null}
        <span className="grow" />
        {isQuery && typed.data && mayMake ? (
          <Button kind="quiet" size="s" icon="filter" onPress={() => void readTyped(wanted).then(setSaving)}>
            {t('view.save_as')}
          </Button>
        ) : null}
        {rows.length > 0 ? <PickButton /> : null}
      </div>
      <SearchBox value={text} onChange={setText} onLeave={leave} />
      {!wanted ? (
        <div className="pane-empty">
          <p className="faint small">{t('app.search.hint')}</p>
          <p className="faint small">{t('view.typed_hint')}</p>
        </div>
      ) : fault ? (
        <div className="pane-empty" role="status">
          <p className="small">{fault}</p>
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
          source={{ view: 'search', q: wanted }}
          isGone={() => false}
          preview={(c) => {
            const hit = snippets.get(c.id);
            if (!hit?.snippet) return undefined;
            return (
              <>
                {c.beside ? <span className="faint">{t('work.side.of', { number: c.beside.number, subject: c.beside.subject })} · </span> : null}
                <Snippet hit={hit} />
              </>
            );
          }}
        />
      )}
      {saving ? (
        <Suspense>
          <ViewEditor filter={saving} onClose={() => setSaving(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
