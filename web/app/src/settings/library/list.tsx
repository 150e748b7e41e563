import '../../library/library.css';
import type { LibraryCard } from '@api';
import { Button, Empty, Icon, type IconName, Segmented, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useFolders, useMacros, useSavedReplies } from '../../library/queries';
import { rankOffers } from '../../library/rank';
import { useTeams } from '../../people/queries';
import { Loaded, SettingsPage } from '../page';
import { FolderHead } from './folder-head';

type Item = LibraryCard & { id: string; words: string };

/** The saved replies. */
export function Replies() {
  const [archived, setArchived] = useState(false);
  const replies = useSavedReplies(archived);
  const data = replies.data?.map((one): Item => ({ ...one, words: one.previews[0]?.preview ?? '' }));
  return <Library what="replies" one="reply" icon="reply" query={{ ...replies, data }} archived={archived} setArchived={setArchived} />;
}

/** The macros. */
export function Macros() {
  const { t } = useTranslation();
  const [archived, setArchived] = useState(false);
  const macros = useMacros(archived);
  const data = macros.data?.map((one): Item => ({ ...one, words: one.actions.map((action) => t(`library.action.${action.kind}`)).join(' · ') }));
  return <Library what="macros" one="macro" icon="checks" query={{ ...macros, data }} archived={archived} setArchived={setArchived} />;
}

function Library({
  what,
  one,
  icon,
  query,
  archived,
  setArchived,
}: {
  what: 'replies' | 'macros';
  one: 'reply' | 'macro';
  icon: IconName;
  query: { data: Item[] | undefined; isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  archived: boolean;
  setArchived: (archived: boolean) => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const folders = useFolders().data ?? [];
  const teams = useTeams().data ?? [];
  const [search, setSearch] = useState('');
  const add = (
    <Button kind="primary" icon="plus" onPress={() => void navigate(`/settings/${what}/new`)}>
      {t(`library.${one}.add`)}
    </Button>
  );
  const who = (item: Item) =>
    item.visibility.kind === 'team'
      ? (teams.find((team) => item.visibility.kind === 'team' && team.id === item.visibility.team_id)?.name ?? t('library.visibility.team_gone'))
      : t(`library.visibility.${item.visibility.kind}`);
  const folderOf = (id: string | null) => folders.find((folder) => folder.id === id)?.name ?? null;
  return (
    <SettingsPage title={t(`settings.page.${what}.title`)} lead={t(`settings.page.${what}.lead`)} action={add}>
      <div className="lib-tools">
        <TextInput
          label={t('library.search')}
          hideLabel
          type="search"
          placeholder={t('library.search')}
          value={search}
          onChange={setSearch}
          before={<Icon name="search" />}
        />
        <Segmented
          label={t('library.show')}
          value={archived ? 'archived' : 'used'}
          onChange={(next) => setArchived(next === 'archived')}
          items={[
            { id: 'used', label: t('library.in_use') },
            { id: 'archived', label: t('library.archived') },
          ]}
        />
      </div>
      <Loaded
        query={query}
        empty={
          <Empty icon={icon} title={t(archived ? 'library.no_archived' : `library.${one}.none`)} action={archived ? null : add}>
            {t(archived ? 'library.no_archived_hint' : `library.${one}.none_hint`)}
          </Empty>
        }
      >
        {(items) => {
          const offers = items.map((item) => ({
            id: item.id,
            kind: one,
            name: item.name,
            folder: folderOf(item.folder_id),
            words: item.words,
            used: item.used,
          }));
          const found = rankOffers(offers, search).flatMap((offer) => items.filter((item) => item.id === offer.id));
          const groups = [...new Set(found.map((item) => folderOf(item.folder_id)))].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
          const headOf = (name: string | null, count: number) => {
            const known = folders.find((one) => one.name === name);
            if (known) return <FolderHead folder={known} />;
            return count > 1 ? <h2>{t('library.folder.none')}</h2> : null;
          };
          if (found.length === 0) return <p className="dim">{t('library.none_found')}</p>;
          const empty = archived || search ? [] : folders.filter((one) => !items.some((item) => item.folder_id === one.id));
          const parts = groups.map((folder) => (
            <section className="part" key={folder ?? ''}>
              {headOf(folder, groups.length)}
              <ul className="card entries">
                {found
                  .filter((item) => folderOf(item.folder_id) === folder)
                  .map((item) => (
                    <li key={item.id} data-off={item.archived_at ? true : undefined}>
                      <Link className="what" to={`/settings/${what}/${item.id}`}>
                        <span className="strong">{item.name}</span>
                        <span className="small dim">{item.words}</span>
                      </Link>
                      <span className="small dim lib-who">
                        {who(item)} · {t('library.used', { count: item.used })}
                      </span>
                    </li>
                  ))}
              </ul>
            </section>
          ));
          return (
            <>
              {parts}
              {empty.map((folder) => (
                <section className="part" key={folder.id}>
                  <FolderHead folder={folder} />
                  <p className="small dim">{t('library.folder.empty')}</p>
                </section>
              ))}
            </>
          );
        }}
      </Loaded>
    </SettingsPage>
  );
}
