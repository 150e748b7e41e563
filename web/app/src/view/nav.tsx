import type { View } from '@api';
import { Icon, IconButton } from '@ui';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '../i18n/use-format';
import { useMay } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { ViewEditor } from './later';
import { useSavedViews, useViewCounts } from './queries';

/** Views under their folders, those without one first. */
export function byFolder(views: readonly View[]): { folder: string | null; views: View[] }[] {
  const folders = new Map<string | null, View[]>([[null, []]]);
  for (const view of [...views].sort((a, b) => a.position - b.position || a.name.localeCompare(b.name)))
    folders.set(view.folder, [...(folders.get(view.folder) ?? []), view]);
  return [...folders]
    .map(([folder, list]) => ({ folder, views: list }))
    .filter((one) => one.views.length > 0)
    .sort((a, b) => (a.folder === null ? -1 : b.folder === null ? 1 : a.folder.localeCompare(b.folder)));
}

/** The saved views with their counts, and the way to make another. */
export function SavedViews() {
  const { t } = useTranslation();
  const format = useFormat();
  const { view: current } = usePlace();
  const views = useSavedViews().data ?? [];
  const counts = useViewCounts(views.length > 0).data;
  const mayMake = useMay('conversation.write');
  const [editing, setEditing] = useState<View | 'new' | null>(null);
  const number = (id: string) => {
    const n = counts?.counts[id];
    if (!n || !counts) return null;
    return <span className="n">{n >= counts.most ? `${format.count(counts.most - 1)}+` : format.count(n)}</span>;
  };
  return (
    <div className="vg saved-views">
      <div className="vg-head">
        <h2>{t('view.saved_views')}</h2>
        {mayMake ? <IconButton icon="plus" size="s" label={t('view.new')} onPress={() => setEditing('new')} /> : null}
      </div>
      {byFolder(views).map(({ folder, views: list }) => (
        <div key={folder ?? ''}>
          {folder ? <h3 className="t1">{folder}</h3> : null}
          {list.map((view) => (
            <span key={view.id} className="vw-line">
              <Link className="vw" to={pathOf({ view: view.id })} aria-current={current === view.id ? 'page' : undefined}>
                <Icon name={view.audience.kind === 'personal' ? 'filter' : view.audience.kind === 'team' ? 'people' : 'globe'} />
                <span className="t1">{view.name}</span>
                {number(view.id)}
              </Link>
              {view.editable ? <IconButton icon="pen" size="s" label={t('view.edit', { name: view.name })} onPress={() => setEditing(view)} /> : null}
            </span>
          ))}
        </div>
      ))}
      {editing ? (
        <Suspense>
          <ViewEditor view={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />
        </Suspense>
      ) : null}
    </div>
  );
}
