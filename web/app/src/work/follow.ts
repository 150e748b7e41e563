import type { ConversationDetail } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from '@ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../conversation/cache';
import { useMe } from '../session/queries';
import { problemText } from '../shell/problem-text';
import { follow } from './queries';

/** Whether one follows a conversation, and changing it: at once, with an undo. */
export function useFollow(c: ConversationDetail | undefined) {
  const client = useQueryClient();
  const { t } = useTranslation();
  const me = useMe().agent.id;
  const follows = c?.follower_ids?.includes(me) ?? false;
  const toggle = useMemo(() => {
    const set = async (id: string, to: boolean): Promise<void> => {
      client.setQueryData<ConversationDetail>(keys.one(id), (one) =>
        one ? { ...one, follower_ids: to ? [...one.follower_ids.filter((other) => other !== me), me] : one.follower_ids.filter((other) => other !== me) } : one,
      );
      await follow(id, to).catch((error: unknown) => {
        toast(problemText(t, error));
        void client.invalidateQueries({ queryKey: keys.one(id) });
      });
      void client.invalidateQueries({ queryKey: ['conversations', 'following'] });
    };
    return (id: string, to: boolean) => {
      void set(id, to);
      toast(t(to ? 'work.done.followed' : 'work.done.unfollowed'), { undo: () => void set(id, !to), undoLabel: t('app.undo') });
    };
  }, [client, t, me]);
  return { follows, toggle };
}
