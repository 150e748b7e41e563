import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { neighbour } from '../conversation/views';
import { useMay } from '../session/queries';
import type { Command } from '../shell/commands';
import { usePlace } from '../shell/place';
import { useShell } from '../shell/state';
import { useBulk } from './selection';

/** Whether something is picked, so that the keys of a conversation mean all of them. */
export const usePicking = (): boolean => useBulk((s) => s.ids.size > 0);

/** Picking with the keyboard, and what the keys of a conversation do while something is picked. */
export function useBulkCommands(): Command[] {
  const { t } = useTranslation();
  const place = usePlace();
  const may = useMay('conversation.write');
  const mayDelete = useMay('conversation.delete');
  const picking = usePicking();
  const away = place.view === 'trash' || place.view === 'spam';
  return useMemo(() => {
    if (!may) return [];
    const here = () => useShell.getState().list.cursor ?? place.id;
    const draw = (by: 1 | -1) => () => {
      const { ids, cursor } = useShell.getState().list;
      const from = here();
      const to = neighbour(ids, from, by);
      if (!to) return;
      useBulk.getState().extend(ids, from, to);
      if (cursor !== to) useShell.getState().setList({ ids, cursor: to });
    };
    const list: Command[] = [
      {
        id: 'pick',
        group: 'app',
        icon: 'checks',
        label: t('app.pick.one'),
        keys: 'x',
        run: () => {
          const { ids } = useShell.getState().list;
          const id = here() ?? ids[0];
          if (!id || !ids.includes(id)) return;
          useShell.getState().setList({ ids, cursor: id });
          useBulk.getState().toggle(id);
        },
      },
      { id: 'pick_down', group: 'app', icon: 'down', label: t('app.pick.down'), keys: 'Shift+j', hidden: true, run: draw(1) },
      { id: 'pick_up', group: 'app', icon: 'up', label: t('app.pick.up'), keys: 'Shift+k', hidden: true, run: draw(-1) },
      { id: 'pick_all', group: 'app', icon: 'checks', label: t('app.pick.all'), run: () => useBulk.getState().pickAll(useShell.getState().list.ids) },
    ];
    if (!picking) return list;
    list.push({ id: 'pick_none', group: 'app', icon: 'x', label: t('app.pick.none'), keys: 'Escape', run: () => useBulk.getState().clear() });
    if (away) return list;
    const bulk = useBulk.getState;
    const add = (id: string, label: string, keys: string, icon: Command['icon'], run: () => void) =>
      list.push({ id: `bulk:${id}`, group: 'conversation', icon, label, keys, run });
    add('resolve', t('app.command.resolve'), 'e', 'check', () => bulk().setWish('resolve'));
    add('assign', t('app.command.assign'), 'a', 'addperson', () => bulk().setMenu('assign'));
    add('assign_me', t('app.command.assign_me'), 'Shift+a', 'person', () => bulk().setWish('assign_me'));
    add('snooze', t('app.command.snooze'), 'z', 'snooze', () => bulk().setMenu('snooze'));
    add('tags', t('app.command.tags'), 't', 'tag', () => bulk().setMenu('tags'));
    add('status', t('app.command.status'), 's', 'circle', () => bulk().setMenu('status'));
    add('priority', t('app.command.priority'), 'p', 'flag', () => bulk().setMenu('priority'));
    add('spam', t('work.command.spam'), '!', 'alert', () => bulk().setWish('spam'));
    if (mayDelete) add('trash', t('work.command.trash'), '#', 'trash', () => bulk().setWish('trash'));
    return list;
  }, [t, place, may, mayDelete, picking, away]);
}
