import type { ConversationDetail } from '@api';
import type { MenuGroup } from '@ui';
import { useTranslation } from 'react-i18next';
import { usePlan } from '../plan/state';
import { useProblem } from '../problem/state';
import { useMay } from '../session/queries';
import { useSide } from '../side/state';
import { useFollow } from './follow';
import { useWork } from './state';

/** What the menu of a conversation offers of following and merging. */
export function useWorkItems(c: ConversationDetail): MenuGroup[] {
  const { t } = useTranslation();
  const may = useMay('conversation.write') && !c.shelf;
  const mayReply = useMay('conversation.reply');
  const { follows, toggle } = useFollow(c);
  if (!may) return [];
  return [
    {
      id: 'work',
      items: [
        {
          id: 'follow',
          label: t(follows ? 'work.command.unfollow' : 'work.command.follow'),
          icon: 'eye',
          keys: 'f',
          onAction: () => toggle(c.id, !follows),
        },
        ...(c.beside
          ? []
          : [
              { id: 'remind', label: t('work.command.remind'), icon: 'bell' as const, onAction: () => usePlan.getState().show({ kind: 'remind', id: c.id }) },
              { id: 'due', label: t('work.command.due'), icon: 'clock' as const, onAction: () => usePlan.getState().show({ kind: 'due', id: c.id }) },
            ]),
        { id: 'side', label: t('work.command.side'), icon: 'message', onAction: () => useSide.getState().write({ parent: c.id, forward: null }) },
        { id: 'connect', label: t('work.command.link'), icon: 'link', onAction: () => useProblem.getState().show({ kind: 'link', id: c.id }) },
        ...(mayReply
          ? [
              {
                id: 'transcript',
                label: t('work.command.transcript'),
                icon: 'send' as const,
                onAction: () => useWork.getState().show({ kind: 'transcript', id: c.id }),
              },
            ]
          : []),
        { id: 'merge', label: t('work.command.merge'), icon: 'merge', onAction: () => useWork.getState().show({ kind: 'merge', id: c.id }) },
      ],
    },
  ];
}
