import { Button, Icon } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { RowSkeletons } from '../conversation/list';
import { Broken } from '../shell/broken';
import { usePhone } from '../shell/use-media';
import { PeopleTabs } from './tabs';

interface Listed<T> {
  data?: { pages: { items: T[] }[] };
  error: unknown;
  isError: boolean;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

export interface PeoplePageProps<T> {
  kind: 'customers' | 'companies';
  /** The open one. */
  id: string | undefined;
  list: Listed<T>;
  /** What is looked for. */
  text: string;
  onText: (text: string) => void;
  words: { find: string; none: string };
  /** What stands in a row, between its ends. */
  row: (one: T) => ReactNode;
  /** At the end of the heading. */
  action?: ReactNode;
  /** In place of a list without anything in it; else the words for it. */
  empty?: ReactNode;
  /** The open one, or what to do while none is. */
  children: ReactNode;
}

/** Customers or companies: the list that one looks through, and one of them beside it. */
export function PeoplePage<T extends { id: string }>({ kind, id, list, text, onText, words, row, action, empty, children }: PeoplePageProps<T>) {
  const { t } = useTranslation();
  const phone = usePhone();
  const rows = (list.data?.pages ?? []).flatMap((page) => page.items);
  const Heading = id ? 'h2' : 'h1';
  return (
    <div className="people" data-open={id ? 'yes' : 'no'}>
      <section className="col list" aria-label={t(`app.nav.${kind}`)} role={phone && !id ? 'main' : undefined}>
        <div className="hbar">
          <Heading className="grow">{t(`app.nav.${kind}`)}</Heading>
          {action}
        </div>
        <PeopleTabs current={kind} />
        <div className="list-search">
          <div className="input">
            <Icon name="search" />
            <input type="search" aria-label={words.find} placeholder={words.find} value={text} onChange={(event) => onText(event.target.value)} />
          </div>
        </div>
        {list.isError ? (
          <Broken error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <RowSkeletons />
        ) : rows.length === 0 && empty ? (
          <div className="pane-empty">{empty}</div>
        ) : (
          <nav className="scroll" aria-label={t(`app.nav.${kind}`)}>
            {rows.map((one) => (
              <Link className="person" key={one.id} to={`/${kind}/${one.id}`} aria-current={one.id === id ? 'page' : undefined}>
                {row(one)}
              </Link>
            ))}
            {list.hasNextPage ? (
              <div className="list-end">
                <Button kind="quiet" isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
                  {t('app.more')}
                </Button>
              </div>
            ) : (
              <div className="list-end">{rows.length === 0 ? words.none : t('app.list.end')}</div>
            )}
          </nav>
        )}
      </section>
      <main className="col main" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
