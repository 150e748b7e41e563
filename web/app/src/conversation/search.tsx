import { type CompanyHit, type CustomerHit, type Filter, Problem } from '@api';
import { Avatar, Button, Empty, Icon, IconButton } from '@ui';
import { type ReactNode, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useCompanies } from '../company/queries';
import { useFields } from '../field/queries';
import { useAgents, useInboxes, useTags, useTeams } from '../people/queries';
import { useMay } from '../session/queries';
import { Broken } from '../shell/broken';
import { pathOf, usePlace } from '../shell/place';
import { useCustomStatuses } from '../status/queries';
import { accept, complete, finished, isTyped, type Suggestion } from '../view/filter';
import { ViewEditor } from '../view/later';
import { readTyped } from '../view/queries';
import { PickButton, RowSkeletons } from './list';
import { useSearch } from './queries';
import { Rows } from './rows';
import { cutRanges } from './snippet';

const NOBODY: CustomerHit[] = [];
const NO_COMPANY: CompanyHit[] = [];

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
  const statuses = useCustomStatuses().data;
  // Companies may be many: only those that begin as typed are asked for.
  const begun = /(?:^|\s)-?company:"?([^"]*)$/i.exec(value)?.[1];
  const companies = useCompanies(begun ?? '', begun !== undefined).data?.pages[0]?.items;
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
    const own = names(statuses?.filter((one) => one.archived_at === null));
    return complete(value, {
      status: own,
      custom_status: own,
      assignee: names(agents),
      team: names(teams),
      inbox: names(inboxes),
      tag: names(tags),
      company: names(companies),
      ...Object.fromEntries(customs),
    });
  }, [value, agents, teams, inboxes, tags, fields, companies, statuses]);
}

/** A text with the found words marked. */
export function Marked({ text, ranges }: { text: string; ranges: readonly [number, number][] }): ReactNode {
  return cutRanges(text, ranges).map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one constant text
    part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
  );
}

/** Conditions that are one press away; each is a part of what is typed. */
const QUICK = [
  { key: 'open', part: 'is:open' },
  { key: 'mine', part: 'assignee:me' },
  { key: 'unassigned', part: 'is:unassigned' },
  { key: 'file', part: 'has:attachment' },
  { key: 'week', part: 'active:<7d' },
] as const;

function Chips({ value, onChange, sort, onSort }: { value: string; onChange: (value: string) => void; sort: Sort; onSort: (sort: Sort) => void }) {
  const { t } = useTranslation();
  const parts = value.split(/\s+/);
  const press = (part: string) => onChange(parts.includes(part) ? parts.filter((one) => one !== part).join(' ') : `${part} ${value.trim()}`);
  return (
    <div className="chips search-chips" role="toolbar" aria-label={t('app.search.narrow')}>
      {QUICK.map(({ key, part }) => (
        <button
          key={key}
          type="button"
          className="chip"
          data-size="m"
          data-tone={parts.includes(part) ? 'accent' : 'line'}
          aria-pressed={parts.includes(part)}
          onClick={() => press(part)}
        >
          {t(`app.search.${key}`)}
        </button>
      ))}
      <button
        type="button"
        className="chip"
        data-size="m"
        data-tone={sort === 'newest' ? 'accent' : 'line'}
        aria-pressed={sort === 'newest'}
        onClick={() => onSort(sort === 'newest' ? 'best' : 'newest')}
      >
        {t('app.search.newest')}
      </button>
    </div>
  );
}

type Sort = 'best' | 'newest';

function FoundCustomers({ found }: { found: readonly CustomerHit[] }) {
  const { t } = useTranslation();
  if (found.length === 0) return null;
  return (
    <nav className="found-people" aria-label={t('app.nav.customers')}>
      {found.map(({ customer, name_ranges, email_ranges }) => {
        const email = customer.emails[0]?.address ?? '';
        return (
          <Link className="person" key={customer.id} to={`/customers/${customer.id}`}>
            <Avatar name={customer.name || email} seed={customer.id} size={24} />
            <span className="grow">
              <span className="t1 strong">{customer.name ? <Marked text={customer.name} ranges={name_ranges} /> : email || t('app.no_name')}</span>
              <span className="t1 small faint">
                <Marked text={email} ranges={email_ranges} />
              </span>
            </span>
          </Link>
        );
      })}
    </nav>
  );
}

function FoundCompanies({ found }: { found: readonly CompanyHit[] }) {
  const { t } = useTranslation();
  if (found.length === 0) return null;
  return (
    <nav className="found-people" aria-label={t('app.nav.companies')}>
      {found.map(({ company, name_ranges }) => (
        <Link className="person" key={company.id} to={`/companies/${company.id}`}>
          <span className="co-sign">
            <Icon name="building" size={16} />
          </span>
          <span className="grow">
            <span className="t1 strong">
              <Marked text={company.name} ranges={name_ranges} />
            </span>
            <span className="t1 small faint">{company.domains.join(', ')}</span>
          </span>
        </Link>
      ))}
    </nav>
  );
}

/** Search as one types, in place of a view's rows. */
export default function SearchResults() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const [text, setText] = useState(place.q);
  const [sort, setSort] = useState<Sort>('best');
  const wanted = useDeferredValue(finished(text));
  const isQuery = isTyped(wanted);
  const search = useSearch(wanted, { customers: 3, companies: 2, sort });
  const hits = wanted ? search.data?.items : undefined;
  const rows = useMemo(() => [...new Map((hits ?? []).map((hit) => [hit.conversation.id, hit.conversation])).values()], [hits]);
  const customers = (wanted && search.data?.customers) || NOBODY;
  const companies = (wanted && search.data?.companies) || NO_COMPANY;
  const fault = isQuery && search.error instanceof Problem && search.error.code === 'malformed' ? search.error.errors[0]?.detail : undefined;
  const [saving, setSaving] = useState<Filter | null>(null);
  const mayMake = useMay('conversation.write');
  const found = useMemo(() => new Map((hits ?? []).map((hit) => [hit.conversation.id, hit])), [hits]);

  useEffect(() => {
    if (wanted === place.q) return;
    const timer = setTimeout(() => {
      // Whoever has gone elsewhere meanwhile is not brought back.
      if (!globalThis.location.pathname.startsWith(pathOf({ view: 'search' }))) return;
      void navigate(pathOf({ view: 'search', q: wanted, id: place.id }), { replace: true });
    }, 300);
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
        {isQuery && search.data && mayMake ? (
          <Button kind="quiet" size="s" icon="filter" onPress={() => void readTyped(wanted).then(setSaving)}>
            {t('view.save_as')}
          </Button>
        ) : null}
        {rows.length > 0 ? <PickButton /> : null}
      </div>
      <SearchBox value={text} onChange={setText} onLeave={leave} />
      <Chips value={text} onChange={setText} sort={sort} onSort={setSort} />
      {!wanted ? (
        <div className="pane-empty">
          <div className="search-hints">
            <p className="faint small">{t('app.search.hint')}</p>
            <p className="faint small">{t('view.typed_hint')}</p>
          </div>
        </div>
      ) : fault ? (
        <div className="pane-empty" role="status">
          <p className="small">{fault}</p>
        </div>
      ) : search.isError ? (
        <Broken error={search.error} onRetry={() => void search.refetch()} />
      ) : search.isPending ? (
        <RowSkeletons />
      ) : rows.length === 0 && customers.length === 0 && companies.length === 0 ? (
        <div className="pane-empty" role="status">
          <Empty icon="search" title={t('app.search.none', { q: wanted })}>
            {t('app.search.none_hint')}
          </Empty>
        </div>
      ) : (
        <>
          <FoundCustomers found={customers} />
          <FoundCompanies found={companies} />
          <Rows
            rows={rows}
            label={t('app.search.title')}
            source={{ view: 'search', q: wanted }}
            isGone={() => false}
            preview={(c) => {
              const hit = found.get(c.id);
              if (!hit?.snippet) return undefined;
              return (
                <>
                  {c.beside ? <span className="faint">{t('work.side.of', { number: c.beside.number, subject: c.beside.subject })} · </span> : null}
                  <Marked text={hit.snippet} ranges={hit.ranges} />
                </>
              );
            }}
            subject={(c) => {
              const hit = found.get(c.id);
              return hit && c.subject === hit.conversation.subject && hit.subject_ranges.length > 0 ? (
                <Marked text={c.subject} ranges={hit.subject_ranges} />
              ) : undefined;
            }}
          />
        </>
      )}
      {saving ? (
        <Suspense>
          <ViewEditor filter={saving} onClose={() => setSaving(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
