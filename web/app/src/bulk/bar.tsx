import './bulk.css';
import type { Action, Filter, NewBulkAction, Priority } from '@api';
import { Avatar, Button, Dialog, Icon, IconButton, Menu, Picker, TagSquare } from '@ui';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';
import { useMacros } from '../library/queries';
import { useAgents, useInboxes, useTags, useTeams } from '../people/queries';
import { useMay, useMe } from '../session/queries';
import { SnoozeLater } from '../snooze/later';
import { useStatusGroups } from '../status/menu';
import { isTyped } from '../view/filter';
import { useSavedViews } from '../view/queries';
import { matchingFilter, placeOf } from './matching';
import { useTotal, useTypedFilter } from './queries';
import { type BulkMenu, useBulk } from './selection';
import { useBegin } from './use-begin';
import { useActionWords } from './words';

const TimeChoice = lazy(() => import('../snooze/dialog'));

/** From so many on, throwing away is asked about once more. */
const ASK_FROM = 50;
const PRIORITIES: Priority[] = ['urgent', 'high', 'normal', 'low'];

/** What is to be confirmed. */
interface Asking {
  title: string;
  actions: Action[];
}

function useMatching(view: string, q: string): Filter | null {
  const saved = useSavedViews().data?.find((one) => one.id === view)?.filter;
  const isQuery = view === 'search' && isTyped(q);
  const typed = useTypedFilter(isQuery ? q : null).data;
  if (isQuery && !typed) return null;
  return matchingFilter({ view, q, saved, typed });
}

/** Below the list while something is picked: how many, all that there are, and what to do with them. */
export default function BulkBar({ view, q, ids }: { view: string; q: string; ids: readonly string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bulk = useBulk();
  const begin = useBegin();
  const words = useActionWords();
  const filter = useMatching(view, q);
  const place = placeOf(view);
  const total = useTotal(filter, place).data;
  const mayDelete = useMay('conversation.delete');
  const me = useMe().agent;
  const agents = (useAgents().data ?? []).filter((agent) => agent.active && agent.role !== 'viewer');
  const teams = useTeams().data ?? [];
  const inboxes = (useInboxes().data ?? []).filter((inbox) => !inbox.archived);
  const tags = useTags().data ?? [];
  const macros = useMacros().data ?? [];
  const [asking, setAsking] = useState<Asking | null>(null);
  const [dating, setDating] = useState(false);

  const everything = bulk.everything && filter !== null && total !== undefined;
  const count = everything ? total.total : bulk.ids.size;
  const target = (): Omit<NewBulkAction, 'actions'> => (everything && filter ? { filter, view: place } : { conversation_ids: [...bulk.ids] });
  const none = count === 0;
  const run = (...actions: Action[]) => {
    if (!none) begin(target(), actions);
  };
  const statuses = useStatusGroups(({ category, custom }) =>
    run({ kind: 'set_status', status: custom ? { kind: 'custom', custom_status_id: custom.id } : { kind: category } }),
  );
  const throwAway = (shelf: 'trash' | 'spam') => {
    const actions: Action[] = [{ kind: 'shelve', shelf }];
    if (count < ASK_FROM) run(...actions);
    else setAsking({ title: words(actions), actions });
  };
  // What was asked for by a key, perhaps before this bar was there.
  const { wish, setWish } = bulk;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is granted once
  useEffect(() => {
    if (!wish) return;
    setWish(null);
    if (wish === 'resolve') run({ kind: 'set_status', status: { kind: 'resolved' } });
    else if (wish === 'assign_me') run({ kind: 'assign_me' });
    else throwAway(wish);
  }, [wish]);
  const menu = (which: NonNullable<BulkMenu>) => ({ isOpen: bulk.menu === which, onOpenChange: (open: boolean) => bulk.setMenu(open ? which : null) });
  const away = view === 'trash' || view === 'spam';
  const person = (agent: { id: string; name: string }, label = agent.name) => ({
    id: agent.id,
    label,
    before: <Avatar name={agent.name} seed={agent.id} size={20} />,
  });
  const assign = (id: string) => {
    if (id === 'nobody') run({ kind: 'assign_nobody' });
    else if (id === me.id) run({ kind: 'assign_me' });
    else if (id === 'no_team') run({ kind: 'assign_team', team_id: null });
    else if (teams.some((team) => team.id === id)) run({ kind: 'assign_team', team_id: id });
    else run({ kind: 'assign_agent', agent_id: id });
  };
  const shown = (n: number, most: number) => (n >= most ? `${format.count(most)}+` : format.count(n));

  return (
    <section className="bulk" aria-label={t('bulk.label')}>
      <div className="bulk-top">
        <IconButton icon="x" size="s" label={t('bulk.clear')} keys="Escape" onPress={bulk.clear} />
        <b className="small num" aria-live="polite">
          {everything ? t('bulk.everything', { count, shown: shown(total.total, total.most) }) : t('bulk.picked', { count, shown: format.count(count) })}
        </b>
        <span className="grow" />
        {everything ? (
          <Button kind="link" size="s" onPress={() => bulk.setEverything(false)}>
            {t('bulk.only_picked')}
          </Button>
        ) : filter && total && total.total > bulk.ids.size ? (
          <Button
            kind="link"
            size="s"
            onPress={() => {
              bulk.pickAll(ids);
              bulk.setEverything(true);
            }}
          >
            {t('bulk.pick_everything', { shown: shown(total.total, total.most) })}
          </Button>
        ) : bulk.ids.size < ids.length ? (
          <Button kind="link" size="s" onPress={() => bulk.pickAll(ids)}>
            {t('bulk.pick_everything', { shown: format.count(ids.length) })}
          </Button>
        ) : null}
      </div>
      <div className="bulk-acts" role="toolbar" aria-label={t('bulk.actions')}>
        {away ? (
          <Button icon="undo" isDisabled={none} onPress={() => run({ kind: 'restore' })}>
            {t(view === 'spam' ? 'work.shelf.spam.restore' : 'bulk.do.restore')}
          </Button>
        ) : (
          <>
            <IconButton
              icon="check"
              label={t('app.command.resolve')}
              keys="e"
              isDisabled={none}
              onPress={() => run({ kind: 'set_status', status: { kind: 'resolved' } })}
            />
            <Picker
              label={t('app.command.assign')}
              placeholder={t('app.assign.find')}
              empty={t('app.assign.none')}
              selected={[]}
              onPick={assign}
              {...menu('assign')}
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
                    ...(teams.length > 0 ? [{ id: 'no_team', label: t('app.assign.no_team'), icon: 'x' as const }] : []),
                  ],
                },
              ]}
            >
              <IconButton icon="addperson" label={t('app.command.assign')} keys="a" tip={false} isDisabled={none} />
            </Picker>
            <SnoozeLater
              placement="top start"
              onPick={(until) => run({ kind: 'set_status', status: { kind: 'snoozed', until: until?.toISOString() ?? null } })}
              {...menu('snooze')}
            >
              <IconButton icon="snooze" label={t('app.command.snooze')} keys="z" tip={false} isDisabled={none} />
            </SnoozeLater>
            <Picker
              label={t('bulk.add_tag')}
              placeholder={t('app.tag.find')}
              empty={t('app.tag.none')}
              selected={[]}
              onPick={(id) => run({ kind: 'add_tags', tag_ids: [id] })}
              {...menu('tags')}
              groups={[{ id: 'tags', items: tags.map((tag) => ({ id: tag.id, label: tag.name, before: <TagSquare color={tag.color} /> })) }]}
            >
              <IconButton icon="tag" label={t('bulk.add_tag')} keys="t" tip={false} isDisabled={none} />
            </Picker>
            <Menu label={t('app.command.status')} placement="top start" {...menu('status')} groups={statuses}>
              <IconButton icon="circle" label={t('app.command.status')} keys="s" tip={false} isDisabled={none} />
            </Menu>
            <Menu
              label={t('app.command.priority')}
              placement="top start"
              {...menu('priority')}
              groups={[
                {
                  id: 'priority',
                  items: PRIORITIES.map((priority) => ({
                    id: priority,
                    label: t(`app.priority.${priority}`),
                    onAction: () => run({ kind: 'set_priority', priority }),
                  })),
                },
              ]}
            >
              <IconButton icon="flag" label={t('app.command.priority')} keys="p" tip={false} isDisabled={none} />
            </Menu>
            <span className="grow" />
            <Menu
              label={t('app.more_actions')}
              placement="top end"
              {...menu('more')}
              groups={[
                {
                  id: 'away',
                  items: [
                    { id: 'spam', label: t('work.command.spam'), icon: 'alert', keys: '!', onAction: () => throwAway('spam') },
                    ...(mayDelete
                      ? [
                          {
                            id: 'trash',
                            label: t('work.command.trash'),
                            icon: 'trash' as const,
                            keys: '#',
                            tone: 'bad' as const,
                            onAction: () => throwAway('trash'),
                          },
                        ]
                      : []),
                  ],
                },
                {
                  id: 'due',
                  items: [
                    { id: 'due', label: t('work.command.due'), icon: 'clock' as const, onAction: () => setTimeout(() => setDating(true), 0) },
                    {
                      id: 'never_due',
                      label: t('work.plan.clear_due'),
                      icon: 'x' as const,
                      onAction: () => run({ kind: 'set_due', due: { kind: 'never' } }),
                    },
                  ],
                },
                {
                  id: 'macros',
                  title: t('bulk.macros'),
                  items: macros
                    .filter((macro) => !macro.actions.some((action) => action.kind === 'insert_reply'))
                    .map((macro) => ({
                      id: macro.id,
                      label: macro.name,
                      icon: 'checks' as const,
                      onAction: () => setAsking({ title: macro.name, actions: macro.actions }),
                    })),
                },
                {
                  id: 'remove_tags',
                  title: t('bulk.remove_tag'),
                  items: tags.map((tag) => ({
                    id: `-${tag.id}`,
                    label: tag.name,
                    before: <TagSquare color={tag.color} />,
                    onAction: () => run({ kind: 'remove_tags', tag_ids: [tag.id] }),
                  })),
                },
                {
                  id: 'inboxes',
                  title: t('bulk.move_inbox'),
                  items:
                    inboxes.length > 1
                      ? inboxes.map((inbox) => ({
                          id: inbox.id,
                          label: inbox.name,
                          icon: 'mail' as const,
                          onAction: () => run({ kind: 'move_inbox', inbox_id: inbox.id }),
                        }))
                      : [],
                },
              ]}
            >
              <RawButton className="ib" aria-label={t('app.more_actions')} isDisabled={none}>
                <Icon name="dots" size={18} />
              </RawButton>
            </Menu>
          </>
        )}
      </div>
      {dating ? (
        <Suspense>
          <TimeChoice
            title={t('work.plan.due_title')}
            label={t('work.plan.due_field')}
            action={t('work.plan.set')}
            icon="clock"
            answer={false}
            onClose={() => setDating(false)}
            onPick={(at) => {
              setDating(false);
              if (at) run({ kind: 'set_due', due: { kind: 'at', at: at.toISOString() } });
            }}
          />
        </Suspense>
      ) : null}
      <Dialog
        title={asking?.title ?? ''}
        isOpen={asking !== null}
        onClose={() => setAsking(null)}
        actions={
          <>
            <Button kind="quiet" onPress={() => setAsking(null)}>
              {t('app.cancel')}
            </Button>
            <Button
              kind={asking?.actions.some((action) => action.kind === 'shelve') ? 'danger' : 'primary'}
              autoFocus
              onPress={() => {
                if (asking) run(...asking.actions);
                setAsking(null);
              }}
            >
              {t('bulk.ask.do', { count, shown: format.count(count) })}
            </Button>
          </>
        }
      >
        <p>{asking ? words(asking.actions) : ''}</p>
        <p className="dim small">{t(asking?.actions.some((action) => action.kind === 'send_reply') ? 'bulk.ask.writes' : 'bulk.ask.undo')}</p>
      </Dialog>
    </section>
  );
}
