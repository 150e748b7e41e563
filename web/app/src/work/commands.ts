import type { Conversation } from '@api';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session/queries';
import type { Command } from '../shell/commands';
import { useShelf } from './shelf';

/** What the palette and the keys can do about where a conversation lies. */
export function useWorkCommands(c: Conversation | undefined): Command[] {
  const { t } = useTranslation();
  const shelf = useShelf();
  const mayWrite = useMay('conversation.write');
  const mayDelete = useMay('conversation.delete');
  return useMemo(() => {
    const list: Command[] = [];
    if (!c) return list;
    const { shelf: lies } = c;
    if (lies && mayWrite)
      list.push({ id: 'restore', group: 'conversation', icon: 'undo', label: t(`work.shelf.${lies.kind}.restore`), run: () => shelf.restore(c) });
    if (!lies && mayWrite)
      list.push({ id: 'spam_it', group: 'conversation', icon: 'alert', label: t('work.command.spam'), keys: '!', run: () => shelf.spam(c, false) });
    if (!lies && mayDelete)
      list.push({ id: 'trash_it', group: 'conversation', icon: 'trash', label: t('work.command.trash'), keys: '#', run: () => shelf.trash(c) });
    return list;
  }, [t, c, shelf, mayWrite, mayDelete]);
}
