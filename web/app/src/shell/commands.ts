import type { Conversation } from '@api';
import type { IconName } from '@ui';
import { undoLast } from '@ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useRailMenu } from '../availability/rail';
import { useBulkCommands, usePicking } from '../bulk/commands';
import { useConversation } from '../conversation/queries';
import { useActions } from '../conversation/use-actions';
import { FIXED, INVOLVED, neighbour, SHELVES, VIEW_ICONS } from '../conversation/views';
import { useInboxes, useTeams } from '../people/queries';
import { useTakeNext } from '../routing/use-next';
import { useMay, useMe, useSignOut, useUpdateMe } from '../session/queries';
import type { Category } from '../status/groups';
import { useCustomStatuses } from '../status/queries';
import { useSavedViews } from '../view/queries';
import { useWorkCommands } from '../work/commands';
import { pathOf, usePlace } from './place';
import { useShell } from './state';
import { usePhone, useWide } from './use-media';

export interface Command {
  id: string;
  label: string;
  group: 'conversation' | 'go' | 'app';
  icon: IconName;
  /** For example `r`, `Shift+a`, `g i`, `Mod+k`. */
  keys?: string;
  /** More words that it is found by. */
  words?: string;
  /** Not offered in the palette (moving in lists). */
  hidden?: boolean;
  run: () => void;
}

const GO_KEYS: Record<(typeof FIXED)[number], string> = { all_open: 'g i', mine: 'g m', unassigned: 'g u', snoozed: 'g s', resolved: 'g e' };

/** Everything one can do here and now: what the palette lists, what keys do, what the help shows. */
export function useCommands(): Command[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const phone = usePhone();
  const wide = useWide();
  const me = useMe().agent;
  const mayWrite = useMay('conversation.write');
  const mayReply = useMay('conversation.reply');
  const signOut = useSignOut();
  const updateMe = useUpdateMe();
  const actions = useActions();
  const conversation = useConversation(place.id ?? undefined).data;
  const may = mayWrite && !conversation?.shelf;
  const work = useWorkCommands(conversation);
  const bulk = useBulkCommands();
  const picking = usePicking();
  const teams = useTeams().data;
  const inboxes = useInboxes().data;
  const views = useSavedViews().data;
  const statuses = useCustomStatuses().data;
  const { state: routed, board, visitors } = useRailMenu();
  const takeNext = useTakeNext();

  return useMemo(() => {
    const shell = useShell.getState;
    const list: Command[] = [];
    const add = (command: Command) => list.push(command);
    const open = (id: string) => void navigate(pathOf({ ...place, id }));
    const step = (by: 1 | -1) => () => {
      const { ids, cursor } = shell().list;
      const next = neighbour(ids, place.id ?? cursor, by);
      if (!next) return;
      if (place.id && !phone) open(next);
      else shell().setList({ ids, cursor: next });
    };

    // While something is picked, keys mean all of it.
    for (const command of bulk) add(command);
    if (conversation && !picking) {
      const c: Conversation = conversation;
      if (mayReply && !c.shelf) {
        add({ id: 'reply', group: 'conversation', icon: 'reply', label: t('app.command.reply'), keys: 'r', run: () => shell().askCompose('reply') });
        add({ id: 'library', group: 'conversation', icon: 'slash', label: t('app.command.library'), run: () => shell().askLibrary() });
        add({ id: 'note', group: 'conversation', icon: 'lock', label: t('app.command.note'), keys: 'n', run: () => shell().askCompose('note') });
      }
      if (may) {
        add({ id: 'assign', group: 'conversation', icon: 'addperson', label: t('app.command.assign'), keys: 'a', run: () => shell().set({ menu: 'assign' }) });
        if (c.assignee?.id !== me.id)
          add({ id: 'assign_me', group: 'conversation', icon: 'person', label: t('app.command.assign_me'), keys: 'Shift+a', run: () => actions.assign(c, me) });
        if (c.assignee) add({ id: 'unassign', group: 'conversation', icon: 'x', label: t('app.command.unassign'), run: () => actions.assign(c, null) });
        for (const team of teams ?? [])
          if (team.id !== c.team?.id)
            add({
              id: `team:${team.id}`,
              group: 'conversation',
              icon: 'people',
              label: t('app.command.assign_team', { name: team.name }),
              run: () => actions.assignTeam(c, team),
            });
        if (c.status.kind === 'resolved' || c.status.kind === 'snoozed')
          add({
            id: 'reopen',
            group: 'conversation',
            icon: 'inbox',
            label: t('app.command.reopen'),
            keys: 'e',
            run: () => actions.setStatus(c, { kind: 'open' }),
          });
        else add({ id: 'resolve', group: 'conversation', icon: 'check', label: t('app.command.resolve'), keys: 'e', run: () => actions.resolve(c) });
        add({ id: 'status', group: 'conversation', icon: 'circle', label: t('app.command.status'), keys: 's', run: () => shell().set({ menu: 'status' }) });
        for (const own of statuses ?? [])
          if (own.archived_at === null && own.id !== c.custom_status?.id && own.category !== 'snoozed')
            add({
              id: `status:${own.id}`,
              group: 'conversation',
              icon: 'circle',
              label: t('app.command.set_status', { name: own.name }),
              run: () => actions.setStatus(c, { kind: own.category as Category }, false, own),
            });
        add({ id: 'snooze', group: 'conversation', icon: 'snooze', label: t('app.command.snooze'), keys: 'z', run: () => shell().set({ menu: 'snooze' }) });
        add({ id: 'tags', group: 'conversation', icon: 'tag', label: t('app.command.tags'), keys: 't', run: () => shell().set({ menu: 'tags' }) });
        add({ id: 'priority', group: 'conversation', icon: 'flag', label: t('app.command.priority'), keys: 'p', run: () => shell().set({ menu: 'priority' }) });
      }
      for (const command of work) add(command);
      add({
        id: 'unread',
        group: 'conversation',
        icon: 'mail',
        label: t('app.command.unread'),
        keys: 'Shift+u',
        run: () => {
          void actions.markRead(c.id, false);
          void navigate(pathOf({ ...place, id: null }));
        },
      });
      add({
        id: 'copy_link',
        group: 'conversation',
        icon: 'link',
        label: t('app.command.copy_link'),
        run: () => void navigator.clipboard.writeText(`${location.origin}/conversations/${c.id}`),
      });
      add({
        id: 'context',
        group: 'conversation',
        icon: 'panel',
        label: t('app.command.context'),
        keys: '.',
        run: () => (wide ? shell().setContext(!shell().contextOpen) : shell().setSheet(!shell().sheetOpen)),
      });
      add({
        id: 'find',
        group: 'conversation',
        icon: 'search',
        label: t('app.find.label'),
        keys: 'Mod+f',
        run: () => shell().setFind(shell().findText ?? ''),
      });
      add({
        id: 'close',
        group: 'conversation',
        icon: 'back',
        label: t('app.command.close'),
        keys: 'Escape',
        hidden: true,
        run: () => void navigate(pathOf({ ...place, id: null })),
      });
    }

    for (const view of FIXED)
      add({ id: view, group: 'go', icon: VIEW_ICONS[view], label: t(`app.view.${view}`), keys: GO_KEYS[view], run: () => void navigate(pathOf({ view })) });
    for (const view of [...INVOLVED, ...SHELVES])
      add({ id: view, group: 'go', icon: VIEW_ICONS[view], label: t(`app.view.${view}`), run: () => void navigate(pathOf({ view })) });
    for (const team of teams ?? []) add({ id: team.id, group: 'go', icon: 'people', label: team.name, run: () => void navigate(pathOf({ view: team.id })) });
    for (const inbox of inboxes ?? [])
      if (!inbox.archived) add({ id: inbox.id, group: 'go', icon: 'mail', label: inbox.name, run: () => void navigate(pathOf({ view: inbox.id })) });
    for (const view of views ?? []) add({ id: view.id, group: 'go', icon: 'filter', label: view.name, run: () => void navigate(pathOf({ view: view.id })) });
    add({ id: 'customers', group: 'go', icon: 'people', label: t('app.nav.customers'), keys: 'g c', run: () => void navigate('/customers') });
    if (visitors) add({ id: 'visitors', group: 'go', icon: 'globe', label: visitors, keys: 'g v', run: () => void navigate('/visitors') });
    if (board) add({ id: 'board', group: 'go', icon: 'chart', label: board, run: () => void navigate('/board') });
    if (routed) add({ id: 'take_next', group: 'app', icon: 'moveto', label: t('work.command.next'), keys: 'Shift+n', run: takeNext });
    add({ id: 'companies', group: 'go', icon: 'people', label: t('app.nav.companies'), keys: 'g o', run: () => void navigate('/companies') });
    if (may) {
      add({ id: 'replies', group: 'go', icon: 'reply', label: t('app.command.replies'), run: () => void navigate('/settings/replies') });
      add({ id: 'macros', group: 'go', icon: 'checks', label: t('app.command.macros'), run: () => void navigate('/settings/macros') });
    }
    add({ id: 'settings', group: 'go', icon: 'gear', label: t('app.nav.settings'), keys: 'g ,', run: () => void navigate('/settings') });

    add({
      id: 'search',
      group: 'app',
      icon: 'search',
      label: t('app.command.search'),
      keys: '/',
      run: () => void navigate(pathOf({ view: 'search', q: place.q })),
    });
    if (mayReply) add({ id: 'new', group: 'app', icon: 'pen', label: t('app.command.new'), keys: 'c', run: () => shell().set({ newConversation: true }) });
    add({ id: 'undo', group: 'app', icon: 'undo', label: t('app.undo'), keys: 'u', hidden: true, run: () => void undoLast() });
    add({ id: 'next', group: 'app', icon: 'down', label: t('app.command.next'), keys: 'j', hidden: true, run: step(1) });
    add({ id: 'previous', group: 'app', icon: 'up', label: t('app.command.previous'), keys: 'k', hidden: true, run: step(-1) });
    add({
      id: 'open',
      group: 'app',
      icon: 'right',
      label: t('app.command.open'),
      keys: 'Enter',
      hidden: true,
      run: () => {
        const { cursor } = shell().list;
        if (cursor && cursor !== place.id) open(cursor);
      },
    });
    add({
      id: 'palette',
      group: 'app',
      icon: 'search',
      label: t('app.command.palette'),
      keys: 'Mod+k',
      hidden: true,
      run: () => shell().openPalette(),
    });
    add({ id: 'help', group: 'app', icon: 'help', label: t('app.command.help'), keys: '?', run: () => shell().set({ help: true }) });
    for (const theme of ['light', 'dark', 'system'] as const)
      if (me.preferences.theme !== theme)
        add({
          id: `theme:${theme}`,
          group: 'app',
          icon: theme === 'dark' ? 'snooze' : 'sun',
          label: t(`app.theme.${theme}`),
          run: () => updateMe.mutate({ preferences: { ...me.preferences, theme } }),
        });
    const density = me.preferences.density === 'compact' ? 'comfortable' : 'compact';
    add({
      id: 'density',
      group: 'app',
      icon: 'list',
      label: t(`app.density.${density}`),
      run: () => updateMe.mutate({ preferences: { ...me.preferences, density } }),
    });
    const language = me.language === 'ko' ? 'en' : 'ko';
    add({ id: 'language', group: 'app', icon: 'globe', label: t(`app.language.${language}`), run: () => updateMe.mutate({ language }) });
    add({ id: 'sign_out', group: 'app', icon: 'out', label: t('app.command.sign_out'), run: () => signOut.mutate() });
    return list;
  }, [
    t,
    navigate,
    place,
    phone,
    wide,
    me,
    may,
    mayReply,
    signOut.mutate,
    updateMe.mutate,
    actions,
    conversation,
    teams,
    inboxes,
    views,
    statuses,
    work,
    bulk,
    picking,
    routed,
    board,
    visitors,
    takeNext,
  ]);
}
