import type { Agent, Conversation, CustomStatusRef, Priority, Status, Tag, Team } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from '@ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { asksFirst, useAsk } from '../field/ask';
import { useFormat } from '../i18n/use-format';
import { useMe } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { useShell } from '../shell/state';
import { usePhone } from '../shell/use-media';
import { changeConversation, dropFromList, keys } from './cache';
import { conversationActions, ownDefault } from './queries';
import { inView, neighbour } from './views';

/** What one can do with a conversation, with a toast that says it and an undo that takes it back. */
export function useActions() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const phone = usePhone();
  const format = useFormat();
  const me = useMe().agent.id;
  const { coming } = format;

  return useMemo(() => {
    const actions = conversationActions(client, (problem, id) => {
      // What it needs to be resolved was not known here: the server said so.
      if (problem.code === 'fields_missing') {
        void client.invalidateQueries({ queryKey: keys.lists });
        useAsk.getState().ask({ id, done: () => void actions.setStatus(id, { kind: 'resolved' }) });
      } else toast(problemText(t, problem));
    });
    const undoLabel = t('app.undo');

    /** Leaves a conversation that no longer belongs to the view one is in, for the next row. */
    const moveOn = (after: Conversation) => {
      if (place.view === 'search' || inView(place.view, after, me)) return;
      if (place.id === after.id) {
        const { ids } = useShell.getState().list;
        const next = neighbour(ids, after.id, 1) ?? neighbour(ids, after.id, -1);
        void navigate(pathOf({ view: place.view, id: phone ? null : next }), { replace: true });
      }
      dropFromList(client, place.view, after.id);
    };
    const back = (c: Conversation, undo: () => Promise<boolean>) => () => {
      void undo().then(() => client.invalidateQueries({ queryKey: keys.lists }));
      if (place.view !== 'search') void navigate(pathOf({ view: place.view, id: c.id }));
    };

    const setStatus = (c: Conversation, status: Status, silent = false, custom: CustomStatusRef | null = null) => {
      if (status.kind === 'resolved' && !silent && asksFirst(client, c.id, () => setStatus(c, status, false, custom))) return;
      const before = c.status;
      const own = c.custom_status;
      void actions.setStatus(c.id, status, custom);
      if (!silent) {
        const text = custom
          ? t('app.done.custom', { name: custom.name })
          : status.kind !== 'snoozed'
            ? t(`app.done.${status.kind}`)
            : status.until
              ? t('app.done.snoozed', { when: coming(status.until) })
              : t('app.done.snoozed_answer');
        toast(text, { undo: back(c, () => actions.setStatus(c.id, before, own)), undoLabel });
      }
      moveOn({ ...c, status });
    };
    const assign = (c: Conversation, agent: Pick<Agent, 'id' | 'name'> | null) => {
      const before = c.assignee;
      const to = agent ? { id: agent.id, name: agent.name } : null;
      if (before?.id === to?.id) return;
      void actions.patch(c.id, { assignee_id: to?.id ?? null }, { assignee: to });
      toast(to ? t(to.id === me ? 'app.done.assigned_me' : 'app.done.assigned', { name: to.name }) : t('app.done.unassigned'), {
        undo: () => void actions.patch(c.id, { assignee_id: before?.id ?? null }, { assignee: before }),
        undoLabel,
      });
    };
    const assignTeam = (c: Conversation, team: Pick<Team, 'id' | 'name'> | null) => {
      const before = c.team;
      const to = team ? { id: team.id, name: team.name } : null;
      if (before?.id === to?.id) return;
      void actions.patch(c.id, { team_id: to?.id ?? null }, { team: to });
      toast(to ? t('app.done.team', { name: to.name }) : t('app.done.no_team'), {
        undo: () => void actions.patch(c.id, { team_id: before?.id ?? null }, { team: before }),
        undoLabel,
      });
    };
    return {
      setStatus,
      /** Shows a status that another request is about to set, and moves on. */
      shown: (c: Conversation, status: Status) => {
        changeConversation(client, c.id, (old) => ({ ...old, status, custom_status: ownDefault(client, status.kind) }));
        moveOn({ ...c, status });
      },
      resolve: (c: Conversation) => setStatus(c, { kind: 'resolved' }),
      /** Until a time, or (`null`) until the customer answers. */
      snooze: (c: Conversation, until: Date | null) => setStatus(c, { kind: 'snoozed', until: until?.toISOString() ?? null }),
      assign,
      assignTeam,
      setDue: (c: Conversation, due: Date | null) => {
        const due_at = due?.toISOString() ?? null;
        const before = c.due_at;
        void actions.patch(c.id, { due_at }, { due_at });
        toast(due_at ? t('app.done.due', { when: coming(due_at) }) : t('app.done.never_due'), {
          undo: () => void actions.patch(c.id, { due_at: before }, { due_at: before }),
          undoLabel,
        });
      },
      setPriority: (c: Conversation, priority: Priority) => void actions.patch(c.id, { priority }, { priority }),
      setSubject: (c: Conversation, subject: string) => void actions.patch(c.id, { subject }, { subject }),
      toggleTag: (c: Conversation, tag: Tag) =>
        void actions.setTags(c.id, c.tags.some((one) => one.id === tag.id) ? c.tags.filter((one) => one.id !== tag.id) : [...c.tags, tag]),
      markRead: actions.markRead,
    };
  }, [client, t, navigate, place, phone, me, coming]);
}

export type Actions = ReturnType<typeof useActions>;
