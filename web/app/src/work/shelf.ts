import type { Conversation, Shelf } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { type MenuGroup, toast } from '@ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { changeConversation, dropFromList, keys, takeConversation } from '../conversation/cache';
import { inView, neighbour } from '../conversation/views';
import { useMay, useMe } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { usePhone } from '../shell/use-media';
import { purge, putOnShelf, takeOffShelf } from './queries';

/** Throwing away, calling spam and putting back: at once, with an undo. */
export function useShelf() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const phone = usePhone();
  const me = useMe().agent.id;

  return useMemo(() => {
    const moveOn = (after: Conversation) => {
      if (place.view === 'search' || inView(place.view, after, me)) return;
      if (place.id === after.id) {
        const { ids } = useShell.getState().list;
        const next = neighbour(ids, after.id, 1) ?? neighbour(ids, after.id, -1);
        void navigate(pathOf({ view: place.view, id: phone ? null : next }), { replace: true });
      }
      dropFromList(client, place.view, after.id);
    };
    const move = async (c: Conversation, shelf: Shelf | null, send: () => Promise<Conversation>): Promise<void> => {
      changeConversation(client, c.id, (old) => ({ ...old, shelf }));
      moveOn({ ...c, shelf });
      try {
        takeConversation(client, await send());
      } catch (error) {
        changeConversation(client, c.id, (old) => ({ ...old, shelf: c.shelf }));
        toast(problemText(t, error));
      }
      void client.invalidateQueries({ queryKey: keys.lists });
      void client.invalidateQueries({ queryKey: keys.counts });
      void client.invalidateQueries({ queryKey: keys.timeline(c.id) });
    };
    const back = (c: Conversation) => () => void move(c, null, () => takeOffShelf(c.id)).then(() => void navigate(pathOf({ view: place.view, id: c.id })));
    const put = (c: Conversation, kind: Shelf['kind'], block = false) => {
      const shelf: Shelf = { kind, at: new Date().toISOString(), by: me, purged_at: null };
      void move(c, shelf, () => putOnShelf(c.id, kind, block));
      toast(t(kind === 'trash' ? 'work.done.trashed' : block ? 'work.done.blocked' : 'work.done.spam', { name: c.customer.email ?? c.customer.name }), {
        undo: back(c),
        undoLabel: t('app.undo'),
      });
    };
    return {
      trash: (c: Conversation) => put(c, 'trash'),
      spam: (c: Conversation, block: boolean) => put(c, 'spam', block),
      restore: (c: Conversation) => {
        const kind = c.shelf?.kind;
        void move(c, null, () => takeOffShelf(c.id));
        toast(t(kind === 'spam' ? 'work.done.unspam' : 'work.done.untrashed'));
      },
      purge: async (c: Conversation): Promise<void> => {
        try {
          await purge(c.id);
        } catch (error) {
          toast(problemText(t, error));
          return;
        }
        dropFromList(client, place.view, c.id);
        void navigate(pathOf({ view: place.view }), { replace: true });
        void client.invalidateQueries({ queryKey: keys.counts });
        toast(t('work.done.purged'));
      },
    };
  }, [client, t, navigate, place, phone, me]);
}

/** What the menu of a conversation offers of it. */
export function useShelfItems(c: Conversation): MenuGroup[] {
  const { t } = useTranslation();
  const shelf = useShelf();
  const mayWrite = useMay('conversation.write');
  const mayDelete = useMay('conversation.delete');
  const mayBlock = useMay('sender.block');
  if (c.shelf)
    return mayWrite
      ? [{ id: 'shelf', items: [{ id: 'restore', label: t(`work.shelf.${c.shelf.kind}.restore`), icon: 'undo', onAction: () => shelf.restore(c) }] }]
      : [];
  return [
    {
      id: 'shelf',
      items: [
        ...(mayWrite ? [{ id: 'spam', label: t('work.command.spam'), icon: 'alert' as const, keys: '!', onAction: () => shelf.spam(c, false) }] : []),
        ...(mayWrite && mayBlock ? [{ id: 'block', label: t('work.command.block'), icon: 'x' as const, onAction: () => shelf.spam(c, true) }] : []),
        ...(mayDelete
          ? [{ id: 'trash', label: t('work.command.trash'), icon: 'trash' as const, keys: '#', tone: 'bad' as const, onAction: () => shelf.trash(c) }]
          : []),
      ],
    },
  ];
}
