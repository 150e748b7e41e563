import type { ConversationDetail } from '@api';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlan } from '../plan/state';
import { useProblem } from '../problem/state';
import { useMay } from '../session/queries';
import type { Command } from '../shell/commands';
import { printPathOf } from '../shell/place';
import { useSide } from '../side/state';
import { useFollow } from './follow';
import { useShelf } from './shelf';
import { useWork } from './state';

/** What the palette and the keys can do about where a conversation lies. */
export function useWorkCommands(c: ConversationDetail | undefined): Command[] {
  const { t } = useTranslation();
  const shelf = useShelf();
  const mayWrite = useMay('conversation.write');
  const mayReply = useMay('conversation.reply');
  const mayDelete = useMay('conversation.delete');
  const { follows, toggle } = useFollow(c);
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
    if (!lies && mayReply && !c.beside)
      list.push({
        id: 'side',
        group: 'conversation',
        icon: 'message',
        label: t('work.command.side'),
        run: () => useSide.getState().write({ parent: c.id, forward: null }),
      });
    if (!lies && mayReply)
      list.push({
        id: 'transcript',
        group: 'conversation',
        icon: 'send',
        label: t('work.command.transcript'),
        run: () => useWork.getState().show({ kind: 'transcript', id: c.id }),
      });
    if (!lies && mayWrite) {
      list.push({
        id: 'merge',
        group: 'conversation',
        icon: 'merge',
        label: t('work.command.merge'),
        run: () => useWork.getState().show({ kind: 'merge', id: c.id }),
      });
      list.push({
        id: 'connect',
        group: 'conversation',
        icon: 'link',
        label: t('work.command.link'),
        run: () => useProblem.getState().show({ kind: 'link', id: c.id }),
      });
      if (mayReply && c.links.some((link) => link.kind === 'problem' && !link.follows))
        list.push({
          id: 'solve',
          group: 'conversation',
          icon: 'circlecheck',
          label: t('work.command.solve'),
          run: () => useProblem.getState().show({ kind: 'solve', id: c.id }),
        });
      if (!c.beside) {
        const plan = usePlan.getState().show;
        list.push({ id: 'due', group: 'conversation', icon: 'clock', label: t('work.command.due'), run: () => plan({ kind: 'due', id: c.id }) });
        list.push({
          id: 'hand_over',
          group: 'conversation',
          icon: 'lock',
          label: t('work.command.hand_over'),
          run: () => plan({ kind: 'hand_over', id: c.id }),
        });
        list.push({ id: 'remind', group: 'conversation', icon: 'bell', label: t('work.command.remind'), run: () => plan({ kind: 'remind', id: c.id }) });
      }
      list.push({
        id: 'follow',
        group: 'conversation',
        icon: 'eye',
        label: t(follows ? 'work.command.unfollow' : 'work.command.follow'),
        keys: 'f',
        run: () => toggle(c.id, !follows),
      });
    }
    list.push({
      id: 'print',
      group: 'conversation',
      icon: 'file',
      label: t('work.command.print'),
      run: () => void window.open(printPathOf(c.id), '_blank', 'noopener'),
    });
    return list;
  }, [t, c, shelf, mayWrite, mayReply, mayDelete, follows, toggle]);
}
