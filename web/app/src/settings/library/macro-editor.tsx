import { type Action, type Macro, type NewMacro, Problem } from '@api';
import { Button, IconButton, Menu, Select, TagSquare } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { FieldInput } from '../../field/input';
import { useFields } from '../../field/queries';
import { inLanguage } from '../../field/rules';
import { useMacros, useSavedReplies, useSaveMacro } from '../../library/queries';
import { useAgents, useInboxes, useTags, useTeams } from '../../people/queries';
import { Broken } from '../../shell/broken';
import { statusChoices } from '../../status/groups';
import { useCustomStatuses } from '../../status/queries';
import { CardForm, useCard } from './card-form';
import { TemplateField, TemplatePreview } from './parts';

const KINDS = [
  'assign_me',
  'assign_agent',
  'assign_nobody',
  'assign_team',
  'set_status',
  'set_priority',
  'set_due',
  'add_tags',
  'remove_tags',
  'move_inbox',
  'add_note',
  'insert_reply',
  'send_reply',
  'set_field',
  'shelve',
] as const;
const HOURS = [1, 4, 24, 48, 72, 168, 336];
type Row = { key: string; action: Action };

/** One macro, or a new one. */
export default function MacroEditor() {
  const { id } = useParams();
  const used = useMacros(false);
  const archived = useMacros(true);
  if (id === 'new') return <Form key="new" kept={null} />;
  if (used.isError) return <Broken error={used.error} onRetry={() => void used.refetch()} />;
  if (!used.data || !archived.data) return <div className="col" />;
  const kept = [...used.data, ...archived.data].find((one) => one.id === id);
  return kept ? <Form key={`${id}:${kept.version}`} kept={kept} /> : <Navigate to="/settings/macros" replace />;
}

function Form({ kept }: { kept: Macro | null }) {
  const { t } = useTranslation();
  const save = useSaveMacro();
  const card = useCard<Pick<NewMacro, 'actions'>>(kept, '/settings/macros', save);
  const { locked, tried } = card;
  const [rows, setRows] = useState<Row[]>(() => (kept?.actions ?? []).map((action) => ({ key: crypto.randomUUID(), action })));
  const hasReply = rows.some((row) => row.action.kind === 'insert_reply' || row.action.kind === 'send_reply');
  const first = {
    agent: useAgents().data?.find((one) => one.active)?.id,
    team: useTeams().data?.[0]?.id,
    inbox: useInboxes().data?.find((one) => !one.archived)?.id,
    field: useFields().data?.[0]?.id,
  };
  const fresh = (kind: Action['kind']): Action => {
    switch (kind) {
      case 'assign_agent':
        return { kind, agent_id: first.agent ?? '' };
      case 'assign_team':
        return { kind, team_id: first.team ?? null };
      case 'set_status':
        return { kind, status: { kind: 'resolved' } };
      case 'set_due':
        return { kind, due: { kind: 'after', minutes: 1440 } };
      case 'set_priority':
        return { kind, priority: 'high' };
      case 'add_tags':
      case 'remove_tags':
        return { kind, tag_ids: [] };
      case 'move_inbox':
        return { kind, inbox_id: first.inbox ?? '' };
      case 'add_note':
        return { kind, html: '' };
      case 'insert_reply':
      case 'send_reply':
        return { kind, html: '' };
      case 'set_field':
        return { kind, field_id: first.field ?? '', value: null };
      case 'shelve':
        return { kind, shelf: 'spam' };
      default:
        return { kind };
    }
  };
  const change = (key: string, action: Action) => setRows((all) => all.map((row) => (row.key === key ? { ...row, action } : row)));
  const move = (at: number, by: -1 | 1) =>
    setRows((all) => {
      const next = [...all];
      const [row] = next.splice(at, 1);
      if (row) next.splice(at + by, 0, row);
      return next;
    });
  const faultOf = (at: number): string | null => {
    const errors = save.error instanceof Problem ? save.error.errors : [];
    return errors.find((one) => one.field.startsWith(`actions[${at}]`))?.detail ?? null;
  };
  return (
    <CardForm kind="macro" of={card} onStore={() => card.store(rows.length > 0 ? { actions: rows.map((row) => row.action) } : null)}>
      <section className="part">
        <h2>{t('library.macro.actions')}</h2>
        <ol className="lib-acts">
          {rows.map((row, at) => (
            <li key={row.key}>
              <div className="top">
                <span className="strong">{t(`library.action.${row.action.kind}`)}</span>
                <IconButton icon="up" size="s" label={t('library.macro.up')} isDisabled={locked || at === 0} onPress={() => move(at, -1)} />
                <IconButton icon="down" size="s" label={t('library.macro.down')} isDisabled={locked || at === rows.length - 1} onPress={() => move(at, 1)} />
                <IconButton
                  icon="trash"
                  size="s"
                  label={t('library.macro.remove', { name: t(`library.action.${row.action.kind}`) })}
                  isDisabled={locked}
                  onPress={() => setRows((all) => all.filter((one) => one.key !== row.key))}
                />
              </div>
              <ActionFields action={row.action} onChange={(action) => change(row.key, action)} />
              {faultOf(at) ? (
                <span className="hint" role="alert">
                  {faultOf(at)}
                </span>
              ) : null}
            </li>
          ))}
        </ol>
        {tried && rows.length === 0 ? (
          <span className="hint" role="alert">
            {t('library.macro.no_actions')}
          </span>
        ) : null}
        <span>
          <Menu
            label={t('library.macro.add_action')}
            groups={[
              {
                id: 'kinds',
                items: KINDS.filter((kind) => !(hasReply && (kind === 'insert_reply' || kind === 'send_reply'))).map((kind) => ({
                  id: kind,
                  label: t(`library.action.${kind}`),
                  onAction: () => setRows((all) => [...all, { key: crypto.randomUUID(), action: fresh(kind) }]),
                })),
              },
            ]}
          >
            <Button icon="plus" isDisabled={locked || rows.length >= 20}>
              {t('library.macro.add_action')}
            </Button>
          </Menu>
        </span>
      </section>
    </CardForm>
  );
}

function ActionFields({ action, onChange }: { action: Action; onChange: (action: Action) => void }) {
  const { t, i18n } = useTranslation();
  const fields = useFields().data ?? [];
  const agents = useAgents().data ?? [];
  const teams = useTeams().data ?? [];
  const inboxes = useInboxes().data ?? [];
  const tags = useTags().data ?? [];
  const replies = useSavedReplies().data ?? [];
  const statuses = useCustomStatuses().data ?? [];
  switch (action.kind) {
    case 'assign_agent':
      return (
        <Select
          label={t('library.action.assign_agent')}
          hideLabel
          value={action.agent_id}
          onChange={(agent_id) => onChange({ ...action, agent_id })}
          items={agents.filter((one) => one.active && one.role !== 'viewer').map((one) => ({ id: one.id, label: one.name }))}
        />
      );
    case 'assign_team':
      return (
        <Select
          label={t('library.action.assign_team')}
          hideLabel
          value={action.team_id ?? 'none'}
          onChange={(picked) => onChange({ ...action, team_id: picked === 'none' ? null : picked })}
          items={[...teams.map((one) => ({ id: one.id, label: one.name })), { id: 'none', label: t('library.change.nobody') }]}
        />
      );
    case 'set_status': {
      const { status } = action;
      const value = status.kind === 'snoozed_for' ? `snoozed:${status.minutes}` : status.kind === 'custom' ? status.custom_status_id : status.kind;
      const hours = status.kind === 'snoozed_for' && !HOURS.includes(status.minutes / 60) ? [...HOURS, status.minutes / 60] : HOURS;
      return (
        <Select
          label={t('library.action.set_status')}
          hideLabel
          value={value}
          onChange={(picked) =>
            onChange({
              ...action,
              status: picked.startsWith('sts_')
                ? { kind: 'custom', custom_status_id: picked }
                : picked.startsWith('snoozed:')
                  ? { kind: 'snoozed_for', minutes: Number(picked.slice(8)) }
                  : { kind: picked as 'open' | 'pending' | 'on_hold' | 'resolved' },
            })
          }
          items={[
            ...statusChoices(statuses)
              .flat()
              .map(({ category, custom }) => ({
                id: custom?.id ?? category,
                label: custom ? `${t(`app.status.${category}`)}: ${custom.name}` : t(`app.status.${category}`),
              })),
            ...hours.map((count) => ({
              id: `snoozed:${count * 60}`,
              label: count % 24 ? t('library.snooze_hours', { count }) : t('library.snooze_days', { count: count / 24 }),
            })),
          ]}
        />
      );
    }
    case 'set_due': {
      const { due } = action;
      const minutes = due.kind === 'after' ? due.minutes : null;
      const hours = minutes && !HOURS.includes(minutes / 60) ? [...HOURS, minutes / 60] : HOURS;
      return (
        <Select
          label={t('library.action.set_due')}
          hideLabel
          value={minutes ? String(minutes) : 'never'}
          onChange={(picked) => onChange({ ...action, due: picked === 'never' ? { kind: 'never' } : { kind: 'after', minutes: Number(picked) } })}
          items={[
            ...hours.map((count) => ({
              id: String(count * 60),
              label: count % 24 ? t('library.due_hours', { count }) : t('library.due_days', { count: count / 24 }),
            })),
            { id: 'never', label: t('library.change.never_due') },
          ]}
        />
      );
    }
    case 'set_priority':
      return (
        <Select
          label={t('library.action.set_priority')}
          hideLabel
          value={action.priority}
          onChange={(priority) => onChange({ ...action, priority })}
          items={(['low', 'normal', 'high', 'urgent'] as const).map((id) => ({ id, label: t(`app.priority.${id}`) }))}
        />
      );
    case 'add_tags':
    case 'remove_tags':
      return (
        <div className="lib-picked">
          {tags
            .filter((tag) => action.tag_ids.includes(tag.id))
            .map((tag) => (
              <span key={tag.id} className="chip" data-tone="line">
                <TagSquare color={tag.color} /> {tag.name}
                <IconButton
                  icon="x"
                  size="s"
                  label={t('app.composer.remove', { name: tag.name })}
                  onPress={() => onChange({ ...action, tag_ids: action.tag_ids.filter((id) => id !== tag.id) })}
                />
              </span>
            ))}
          <Menu
            label={t('library.macro.pick_tag')}
            groups={[
              {
                id: 'tags',
                items: tags
                  .filter((tag) => !action.tag_ids.includes(tag.id))
                  .map((tag) => ({
                    id: tag.id,
                    label: tag.name,
                    before: <TagSquare color={tag.color} />,
                    onAction: () => onChange({ ...action, tag_ids: [...action.tag_ids, tag.id] }),
                  })),
              },
            ]}
          >
            <Button size="s" icon="plus">
              {t('library.macro.pick_tag')}
            </Button>
          </Menu>
        </div>
      );
    case 'move_inbox':
      return (
        <Select
          label={t('library.action.move_inbox')}
          hideLabel
          value={action.inbox_id}
          onChange={(inbox_id) => onChange({ ...action, inbox_id })}
          items={inboxes.filter((one) => !one.archived).map((one) => ({ id: one.id, label: one.name }))}
        />
      );
    case 'add_note':
      return <TemplateField label={t('library.action.add_note')} value={action.html} onChange={(html) => onChange({ ...action, html })} />;
    case 'insert_reply':
    case 'send_reply':
      return (
        <>
          <Select
            label={t('library.macro.words_from')}
            value={action.saved_reply_id ?? 'own'}
            onChange={(picked) => onChange(picked === 'own' ? { kind: action.kind, html: '' } : { kind: action.kind, saved_reply_id: picked })}
            items={[{ id: 'own', label: t('library.macro.own_words') }, ...replies.map((one) => ({ id: one.id, label: one.name }))]}
          />
          {action.saved_reply_id ? null : (
            <>
              <TemplateField label={t('library.reply.words')} value={action.html ?? ''} onChange={(html) => onChange({ kind: action.kind, html })} />
              <TemplatePreview html={action.html ?? ''} />
            </>
          )}
        </>
      );
    case 'set_field': {
      const field = fields.find((one) => one.id === action.field_id);
      if (fields.length === 0) return <p className="dim">{t('library.macro.no_fields')}</p>;
      return (
        <>
          <Select
            label={t('library.macro.pick_field')}
            hideLabel
            value={action.field_id}
            onChange={(field_id) => onChange({ kind: 'set_field', field_id, value: null })}
            items={fields.map((one) => ({ id: one.id, label: inLanguage(one.label, i18n.language) }))}
          />
          {field ? <FieldInput key={field.id} field={field} hideLabel value={action.value} onChange={(value) => onChange({ ...action, value })} /> : null}
        </>
      );
    }
    case 'shelve':
      return (
        <Select
          label={t('library.action.shelve')}
          hideLabel
          value={action.shelf}
          onChange={(shelf) => onChange({ ...action, shelf })}
          items={(['spam', 'trash'] as const).map((id) => ({ id, label: t(`app.view.${id}`) }))}
        />
      );
    default:
      return null;
  }
}
