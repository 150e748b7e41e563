import type { ConversationDetail, Priority } from '@api';
import { Avatar, Button, ChipButton, IconButton, Menu, Picker, TagSquare, toast } from '@ui';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '../i18n/use-format';
import { useAgents, useCreateTag, useTags, useTeams } from '../people/queries';
import { usePlan } from '../plan/state';
import { useMay, useMe } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { problemText } from '../shell/problem-text';
import { type OpenMenu, useShell } from '../shell/state';
import { usePhone, useWide } from '../shell/use-media';
import { SnoozeLater } from '../snooze/later';
import { type Choice, statusName } from '../status/groups';
import { useStatusGroups } from '../status/menu';
import { FollowMark } from '../work/follow-mark';
import { useWorkItems } from '../work/items';
import { useShelfItems } from '../work/shelf';
import { useActions } from './use-actions';

const TimeChoice = lazy(() => import('../snooze/dialog'));

/** More tags than these are behind the button. */
const SHOWN_TAGS = 3;
const PRIORITIES: Priority[] = ['urgent', 'high', 'normal', 'low'];

function useMenu(which: NonNullable<OpenMenu>) {
  const isOpen = useShell((s) => s.menu === which);
  const set = useShell((s) => s.set);
  return { isOpen, onOpenChange: (open: boolean) => set({ menu: open ? which : null }) };
}

/** Subject and what one does most; below it, what the conversation is. */
export function ThreadHeader({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const phone = usePhone();
  const wide = useWide();
  const place = usePlace();
  const actions = useActions();
  const may = useMay('conversation.write') && !c.shelf;
  const contextOpen = useShell((s) => s.contextOpen);
  const sheetOpen = useShell((s) => s.sheetOpen);
  const { setContext, setSheet } = useShell.getState();
  const done = c.status.kind === 'resolved' || c.status.kind === 'snoozed';
  const customer = c.customer.name || c.customer.email;
  return (
    <>
      <header className="hbar">
        {phone ? (
          <IconButton icon="left" iconSize={24} label={t('app.back')} tip={false} onPress={() => void navigate(pathOf({ ...place, id: null }))} />
        ) : null}
        <div className="grow">
          <Subject key={c.id} conversation={c} may={may} />
          {phone ? <div className="small dim t1">{[customer, c.assignee?.name].filter(Boolean).join(' · ')}</div> : null}
        </div>
        {may ? <SnoozeMenu conversation={c} /> : null}
        <MoreMenu conversation={c} />
        {phone || !may ? null : done ? (
          <Button icon="inbox" onPress={() => actions.setStatus(c, { kind: 'open' })}>
            {t('app.command.reopen')}
          </Button>
        ) : (
          <Button icon="check" onPress={() => actions.resolve(c)}>
            {t('app.command.resolve')}
          </Button>
        )}
        {(wide && !contextOpen) || !wide ? (
          <IconButton icon="panel" label={t('app.customer.show')} keys="." onPress={() => (wide ? setContext(true) : setSheet(!sheetOpen))} />
        ) : null}
      </header>
      <div className="tools" role="toolbar" aria-label={t('app.toolbar')}>
        <div className="tool-chips">
          <StatusMenu conversation={c} may={may} />
          <AssignPicker conversation={c} may={may} />
          <PriorityMenu conversation={c} may={may} />
          <TagPicker conversation={c} may={may} />
        </div>
        <FollowMark conversation={c} />
        <span className="faint small num">#{c.number}</span>
      </div>
    </>
  );
}

function Subject({ conversation: c, may }: { conversation: ConversationDetail; may: boolean }) {
  const { t } = useTranslation();
  const actions = useActions();
  const [text, setText] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const editing = text !== null;
  useEffect(() => {
    if (editing) field.current?.select();
  }, [editing]);
  const save = () => {
    const next = text?.trim() ?? '';
    setText(null);
    if (next && next !== c.subject) actions.setSubject(c, next);
  };
  if (editing)
    return (
      <input
        ref={field}
        className="subject-edit"
        style={{ width: '100%' }}
        aria-label={t('app.subject')}
        value={text}
        maxLength={250}
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) save();
          if (event.key === 'Escape') setText(null);
        }}
      />
    );
  const title = c.subject || t('app.no_subject');
  if (!may) return <h1 className="t1">{title}</h1>;
  return (
    <h1 className="t1">
      <RawButton className="subject t1" aria-label={t('app.edit_subject', { subject: title })} onPress={() => setText(c.subject)}>
        {title}
      </RawButton>
    </h1>
  );
}

function SnoozeMenu({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const actions = useActions();
  const [custom, setCustom] = useState(false);
  const menu = useMenu('snooze');
  return (
    <>
      <SnoozeLater onPick={(until) => actions.snooze(c, until)} onCustom={() => setCustom(true)} {...menu}>
        <IconButton icon="snooze" label={t('app.command.snooze')} keys="z" tip={false} />
      </SnoozeLater>
      {custom ? (
        <Suspense>
          <TimeChoice
            title={t('app.snooze.title')}
            action={t('app.command.snooze')}
            onClose={() => setCustom(false)}
            onPick={(until) => {
              setCustom(false);
              actions.snooze(c, until);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

function StatusMenu({ conversation: c, may }: { conversation: ConversationDetail; may: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = useActions();
  const menu = useMenu('status');
  const set = useShell((s) => s.set);
  const kind = c.status.kind;
  const label =
    c.status.kind !== 'snoozed'
      ? statusName(c, (one) => t(`app.status.${one}`))
      : c.status.until
        ? t('app.status.snoozed_until', { when: format.coming(c.status.until) })
        : t('app.status.snoozed_answer');
  const tone = kind === 'resolved' ? 'ok' : kind === 'open' ? 'grey' : 'info';
  const isNow = ({ category, custom }: Choice) => kind === category && (c.custom_status?.id ?? null) === (custom?.id ?? null);
  const groups = useStatusGroups((choice) => !isNow(choice) && actions.setStatus(c, { kind: choice.category }, false, choice.custom), {
    selected: isNow,
    keys: { resolved: 'e' },
    snooze: {
      id: 'snoozed',
      label: t('app.status.snooze'),
      icon: 'snooze',
      keys: 'z',
      isSelected: kind === 'snoozed',
      onAction: () => setTimeout(() => set({ menu: 'snooze' }), 0),
    },
  });
  return (
    <Menu label={t('app.command.status')} groups={groups} {...menu}>
      <ChipButton
        tone={tone}
        icon={c.custom_status ? undefined : kind === 'resolved' ? 'check' : kind === 'snoozed' ? 'snooze' : undefined}
        caret
        isDisabled={!may}
      >
        {c.custom_status ? <TagSquare color={c.custom_status.color} /> : null}
        <span className="t1">{label}</span>
      </ChipButton>
    </Menu>
  );
}

function AssignPicker({ conversation: c, may }: { conversation: ConversationDetail; may: boolean }) {
  const { t } = useTranslation();
  const actions = useActions();
  const me = useMe().agent;
  const menu = useMenu('assign');
  const agents = (useAgents().data ?? []).filter((agent) => agent.active && agent.role !== 'viewer');
  const teams = useTeams().data ?? [];
  const person = (agent: { id: string; name: string }, label = agent.name) => ({
    id: agent.id,
    label,
    before: <Avatar name={agent.name} seed={agent.id} size={20} />,
  });
  const pick = (id: string) => {
    if (id === 'hand_over') setTimeout(() => usePlan.getState().show({ kind: 'hand_over', id: c.id }), 0);
    else if (id === 'nobody') actions.assign(c, null);
    else if (id === 'no_team') actions.assignTeam(c, null);
    else {
      const agent = agents.find((one) => one.id === id);
      const team = teams.find((one) => one.id === id);
      if (agent) actions.assign(c, agent);
      if (team) actions.assignTeam(c, team);
    }
  };
  // What the button shows, and the team that it has no room for.
  const assigned = [c.assignee?.name ?? (c.team ? null : t('app.assign.nobody')), c.team?.name].filter(Boolean).join(' · ');
  return (
    <Picker
      label={t('app.command.assign')}
      placeholder={t('app.assign.find')}
      empty={t('app.assign.none')}
      selected={[c.assignee?.id ?? 'nobody', ...(c.team ? [c.team.id] : [])]}
      onPick={pick}
      {...menu}
      groups={[
        {
          id: 'people',
          title: t('app.assign.people'),
          items: [
            person(me, t('app.assign.me', { name: me.name })),
            { id: 'nobody', label: t('app.assign.nobody'), icon: 'x' as const },
            ...agents.filter((agent) => agent.id !== me.id).map((agent) => person(agent)),
          ],
        },
        {
          id: 'teams',
          title: t('app.teams'),
          items: [
            ...teams.map((team) => ({ id: team.id, label: team.name, icon: 'people' as const })),
            ...(c.team ? [{ id: 'no_team', label: t('app.assign.no_team'), icon: 'x' as const }] : []),
          ],
        },
        { id: 'note', title: t('work.hand.with_note'), items: [{ id: 'hand_over', label: t('work.command.hand_over'), icon: 'lock' as const }] },
      ]}
    >
      <ChipButton isDisabled={!may} aria-label={t('app.assigned_to', { name: assigned })}>
        {c.assignee ? <Avatar name={c.assignee.name} seed={c.assignee.id} size={18} /> : null}
        {c.assignee || !c.team ? <span className="t1 who">{c.assignee?.name ?? t('app.assign.nobody')}</span> : null}
        {c.team && (!c.assignee || c.tags.length === 0) ? <span className="faint t1">{c.assignee ? `· ${c.team.name}` : c.team.name}</span> : null}
      </ChipButton>
    </Picker>
  );
}

function PriorityMenu({ conversation: c, may }: { conversation: ConversationDetail; may: boolean }) {
  const { t } = useTranslation();
  const actions = useActions();
  const menu = useMenu('priority');
  const loud = c.priority === 'high' || c.priority === 'urgent';
  return (
    <Menu
      label={t('app.command.priority')}
      groups={[
        {
          id: 'priority',
          items: PRIORITIES.map((priority) => ({
            id: priority,
            label: t(`app.priority.${priority}`),
            isSelected: c.priority === priority,
            onAction: () => actions.setPriority(c, priority),
          })),
        },
      ]}
      {...menu}
    >
      <ChipButton tone={loud ? 'bad' : 'line'} icon="flag" isDisabled={!may}>
        <span className={loud ? undefined : 'sr'}>{t(`app.priority.${c.priority}`)}</span>
      </ChipButton>
    </Menu>
  );
}

function TagPicker({ conversation: c, may }: { conversation: ConversationDetail; may: boolean }) {
  const { t } = useTranslation();
  const actions = useActions();
  const menu = useMenu('tags');
  const tags = useTags().data ?? [];
  const create = useCreateTag();
  return (
    <>
      {c.tags.slice(0, SHOWN_TAGS).map((tag) => (
        <span className="chip" data-tone="line" data-size="m" key={tag.id} title={tag.name}>
          <TagSquare color={tag.color} />
          <span className="t1">{tag.name}</span>
        </span>
      ))}
      {may ? (
        <Picker
          label={t('app.command.tags')}
          placeholder={t('app.tag.find')}
          empty={t('app.tag.none')}
          multiple
          selected={c.tags.map((tag) => tag.id)}
          onPick={(id) => {
            const tag = tags.find((one) => one.id === id);
            if (tag) actions.toggleTag(c, tag);
          }}
          onCreate={(name) =>
            create.mutate({ name, color: 'grey' }, { onSuccess: (tag) => actions.toggleTag(c, tag), onError: (error) => toast(problemText(t, error)) })
          }
          createLabel={(name) => t('app.tag.create', { name })}
          groups={[{ id: 'tags', items: tags.map((tag) => ({ id: tag.id, label: tag.name, before: <TagSquare color={tag.color} /> })) }]}
          {...menu}
        >
          <ChipButton tone="line" icon="tag">
            {c.tags.length > SHOWN_TAGS ? <span className="num">+{c.tags.length - SHOWN_TAGS}</span> : null}
            {c.tags.length === 0 ? t('app.tag.add') : <span className="sr">{t('app.tag.add')}</span>}
          </ChipButton>
        </Picker>
      ) : null}
    </>
  );
}

function MoreMenu({ conversation: c }: { conversation: ConversationDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const place = usePlace();
  const phone = usePhone();
  const may = useMay('conversation.write') && !c.shelf;
  const actions = useActions();
  return (
    <Menu
      label={t('app.more_actions')}
      placement="bottom end"
      groups={[
        {
          id: 'conversation',
          items: [
            ...(phone && may && c.status.kind !== 'open'
              ? [{ id: 'reopen', label: t('app.command.reopen'), icon: 'inbox' as const, onAction: () => actions.setStatus(c, { kind: 'open' }) }]
              : []),
            {
              id: 'unread',
              label: t('app.command.unread'),
              icon: 'mail',
              keys: 'Shift+u',
              onAction: () => {
                void actions.markRead(c.id, false);
                void navigate(pathOf({ ...place, id: null }));
              },
            },
            {
              id: 'link',
              label: t('app.command.copy_link'),
              icon: 'link',
              onAction: () => void navigator.clipboard.writeText(`${location.origin}/conversations/${c.id}`).then(() => toast(t('app.done.copied'))),
            },
          ],
        },
        ...useWorkItems(c),
        ...useShelfItems(c),
      ]}
    >
      <IconButton icon="dots" label={t('app.more_actions')} tip={false} />
    </Menu>
  );
}
