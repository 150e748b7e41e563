import { Button, Empty, type IconName } from '@ui';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { Loaded, type LoadedQuery, SettingsPage } from './page';

export interface ListPageProps<T> {
  title: string;
  /** One sentence that explains the page. */
  lead: ReactNode;
  query: LoadedQuery<T>;
  empty: { icon: IconName; title: string; hint: string };
  /** Makes one more; absent for those who may only look. */
  add?: { label: string; dialog: (onClose: () => void) => ReactNode };
  children: (items: T[]) => ReactNode;
  /** What floats above: dialogs to change and remove one. */
  dialogs?: ReactNode;
}

/** A settings page that is a list of things one adds, changes and removes. */
export function ListPage<T>({ title, lead, query, empty, add, children, dialogs }: ListPageProps<T>) {
  const [adding, setAdding] = useState(false);
  const button = add ? (
    <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
      {add.label}
    </Button>
  ) : null;
  return (
    <SettingsPage title={title} lead={lead} action={query.data?.length ? button : null}>
      <Loaded
        query={query}
        empty={
          <Empty icon={empty.icon} title={empty.title} action={button}>
            {empty.hint}
          </Empty>
        }
      >
        {children}
      </Loaded>
      {adding && add ? add.dialog(() => setAdding(false)) : null}
      {dialogs}
    </SettingsPage>
  );
}

/** The card with the entries. */
export function Entries({ children }: { children: ReactNode }) {
  return <ul className="card entries">{children}</ul>;
}

export interface EntryProps {
  /** What it looks like: a square, a glyph, a face. */
  sign: ReactNode;
  name: ReactNode;
  detail: ReactNode;
  /** Where the name leads. */
  to?: string;
  /** What one can do with it, at the end. */
  acts?: ReactNode;
  isOff?: boolean;
  isTall?: boolean;
}

/** One thing in a list: its sign, name and detail, and what one can do with it. */
export function Entry({ sign, name, detail, to, acts, isOff, isTall }: EntryProps) {
  const what = (
    <>
      <span className="strong">{name}</span>
      <span className="small dim">{detail}</span>
    </>
  );
  return (
    <li data-off={isOff ? 'yes' : undefined} data-tall={isTall ? 'yes' : undefined}>
      {sign}
      {to ? (
        <Link className="what" to={to}>
          {what}
        </Link>
      ) : (
        <span className="what">{what}</span>
      )}
      {acts ? <span className="acts-in">{acts}</span> : null}
    </li>
  );
}
