import '../view/view.css';
import { Problem, type Queue, type QueueForm, type QueueRule } from '@api';
import { Button, Checkbox, Chip, Picker, Select, TextInput } from '@ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '../form/dialog';
import { NameInput } from '../form/name-input';
import { fieldText, generalText } from '../form/problems';
import { useTeams } from '../people/queries';
import { Members } from '../settings/members';
import { useSkills } from '../skill/queries';
import { FilterBuilder } from '../view/builder';
import { fromGroup, isWhole, toGroup } from '../view/filter';
import { useFilterFields } from '../view/queries';
import { useSaveQueue } from './queries';

const FRESH: QueueRule = {
  priority: 5,
  strategy: 'spare_capacity',
  offers: false,
  accept_seconds: 30,
  same_agent: true,
  representative: true,
  hold_seconds: 60,
  newcomer_rota: false,
  required: [],
  preferred: [],
  language: 'preferred',
  relax_seconds: 120,
  overflow: null,
  overflow_seconds: 300,
  lift_seconds: 3600,
  silent_minutes: 10,
  silence_seconds: null,
  return_when_gone: true,
  answer_seconds: 60,
  hours: [],
};
const NUMBERS = [
  'accept_seconds',
  'hold_seconds',
  'relax_seconds',
  'overflow_seconds',
  'lift_seconds',
  'silent_minutes',
  'silence_seconds',
  'answer_seconds',
] as const;
type NumberKey = (typeof NUMBERS)[number];
/** Empty means never. */
const MAY_BE_EMPTY: readonly NumberKey[] = ['relax_seconds', 'lift_seconds', 'silence_seconds'];
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Makes or changes a queue. */
export function QueueDialog({ queue, all, onClose }: { queue: Queue | null; all: readonly Queue[]; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const save = useSaveQueue();
  const fields = useFilterFields();
  const skills = useSkills().data ?? [];
  const teams = useTeams().data ?? [];
  const start = queue?.rule ?? FRESH;
  const [name, setName] = useState(queue?.name ?? '');
  const [group, setGroup] = useState(() => toGroup(queue?.filter ?? { all: [] }));
  const [agents, setAgents] = useState<string[]>(queue?.agent_ids ?? []);
  const [ofTeams, setOfTeams] = useState<string[]>(queue?.team_ids ?? []);
  const [rule, setRule] = useState<QueueRule>(start);
  const [numbers, setNumbers] = useState<Record<NumberKey, string>>(
    () => Object.fromEntries(NUMBERS.map((key) => [key, start[key] === null ? '' : String(start[key])])) as Record<NumberKey, string>,
  );
  const [tried, setTried] = useState(false);
  const change = (part: Partial<QueueRule>) => setRule({ ...rule, ...part });
  const whole = isWhole(group);
  const wrong = (key: NumberKey) => !/^\d+$/.test(numbers[key].trim()) && !(numbers[key].trim() === '' && MAY_BE_EMPTY.includes(key));
  const others = all.filter((one) => one.id !== queue?.id);

  const submit = () => {
    setTried(true);
    if (!name.trim() || !whole || NUMBERS.some(wrong)) return;
    const read = Object.fromEntries(NUMBERS.map((key) => [key, numbers[key].trim() === '' ? null : Number.parseInt(numbers[key], 10)]));
    const form: QueueForm = { name: name.trim(), filter: fromGroup(group), agent_ids: agents, team_ids: ofTeams, rule: { ...rule, ...read } as QueueRule };
    save.mutate({ ...form, id: queue?.id, version: queue?.version }, { onSuccess: onClose });
  };
  const number = (key: NumberKey) => (
    <TextInput
      label={t(`routing.queue.number.${key}`)}
      hint={MAY_BE_EMPTY.includes(key) ? t('routing.queue.never') : undefined}
      value={numbers[key]}
      onChange={(value) => setNumbers({ ...numbers, [key]: value })}
      inputMode="numeric"
      error={tried && wrong(key) ? t('routing.queue.number_wrong') : fieldText(t, save.error, `rule.${key}`)}
    />
  );
  const some = (label: string, chosen: readonly string[], from: readonly { id: string; name: string }[], onChange: (ids: string[]) => void) => (
    <div className="field">
      <span className="label">{label}</span>
      <div className="names">
        {from
          .filter((one) => chosen.includes(one.id))
          .map((one) => (
            <Chip
              key={one.id}
              size="m"
              removeLabel={t('app.composer.remove', { name: one.name })}
              onRemove={() => onChange(chosen.filter((id) => id !== one.id))}
            >
              {one.name}
            </Chip>
          ))}
        <Picker
          label={label}
          placeholder={t('routing.queue.find')}
          empty={t('app.assign.none')}
          multiple
          selected={chosen}
          groups={[{ id: 'all', items: from.map((one) => ({ id: one.id, label: one.name })) }]}
          onPick={(id) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])}
        >
          <Button size="s" icon="plus" kind="quiet" aria-label={`${label}: ${t('app.add')}`}>
            {t('app.add')}
          </Button>
        </Picker>
      </div>
    </div>
  );
  const day = (n: number) => new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + n));
  const hoursOf = (n: number) => rule.hours.find((one) => one.day === n);
  const setHours = (n: number, hours: { from: string; until: string } | null) =>
    change({ hours: [...rule.hours.filter((one) => one.day !== n), ...(hours ? [{ day: n, ...hours }] : [])].sort((a, b) => a.day - b.day) });
  const time = (text: string) => (text.length === 5 ? `${text}:00` : text);
  const conflict = save.error instanceof Problem && save.error.code === 'conflict';
  return (
    <FormDialog
      title={queue ? t('settings.fields.edit', { name: queue.name }) : t('routing.queue.add')}
      wide
      isPending={save.isPending}
      problem={conflict ? t('routing.queue.conflict') : generalText(t, save.error, ['name', ...NUMBERS.map((key) => `rule.${key}`)])}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="queue-form sec-in">
        <div className="view-pair">
          <NameInput value={name} onChange={setName} tried={tried} error={save.error} />
          <Select
            label={t('routing.queue.priority')}
            value={String(rule.priority)}
            onChange={(n) => change({ priority: Number(n) })}
            items={[9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => ({
              id: String(n),
              label: t(`routing.queue.priority_${n === 9 ? 'first' : n === 1 ? 'last' : 'n'}`, { n }),
            }))}
          />
        </div>
        <h3>{t('routing.queue.which')}</h3>
        {fields.data ? <FilterBuilder group={group} fields={fields.data} onChange={setGroup} /> : null}
        {tried && !whole ? <span className="bad">{t('view.unfinished')}</span> : null}
        <h3>{t('routing.queue.who')}</h3>
        <Members label={t('routing.queue.agents')} hint={t('routing.queue.agents_hint')} value={agents} onChange={setAgents} />
        {teams.length > 0 ? some(t('routing.queue.teams'), ofTeams, teams, setOfTeams) : null}
        <Select
          label={t('routing.queue.strategy.label')}
          value={rule.strategy}
          onChange={(strategy) => change({ strategy })}
          items={(['spare_capacity', 'longest_idle', 'round_robin'] as const).map((one) => ({ id: one, label: t(`routing.queue.strategy.${one}`) }))}
        />
        {(['same_agent', 'representative', 'newcomer_rota', 'return_when_gone', 'offers'] as const).map((key) => (
          <Checkbox key={key} isSelected={rule[key]} onChange={(on) => change({ [key]: on })} hint={t(`routing.queue.flag.${key}_hint`)}>
            {t(`routing.queue.flag.${key}`)}
          </Checkbox>
        ))}
        <div className="view-pair">
          {rule.offers ? number('accept_seconds') : null}
          {rule.same_agent || rule.representative ? number('hold_seconds') : null}
        </div>
        <h3>{t('routing.queue.skills')}</h3>
        {skills.length > 0 ? (
          <>
            {some(t('routing.queue.required'), rule.required, skills, (required) => change({ required }))}
            {some(t('routing.queue.preferred'), rule.preferred, skills, (preferred) => change({ preferred }))}
          </>
        ) : null}
        <div className="view-pair">
          <Select
            label={t('routing.queue.language.label')}
            value={rule.language}
            onChange={(language) => change({ language })}
            items={(['ignored', 'preferred', 'required'] as const).map((one) => ({ id: one, label: t(`routing.queue.language.${one}`) }))}
          />
          {number('relax_seconds')}
        </div>
        <h3>{t('routing.queue.times')}</h3>
        <div className="view-pair">
          {number('answer_seconds')}
          {number('silence_seconds')}
        </div>
        <div className="view-pair">
          {number('silent_minutes')}
          {number('lift_seconds')}
        </div>
        {others.length > 0 ? (
          <div className="view-pair">
            <Select
              label={t('routing.queue.overflow')}
              value={rule.overflow ?? 'none'}
              onChange={(id) => change({ overflow: id === 'none' ? null : id })}
              items={[{ id: 'none', label: t('routing.queue.overflow_none') }, ...others.map((one) => ({ id: one.id, label: one.name }))]}
            />
            {rule.overflow ? number('overflow_seconds') : null}
          </div>
        ) : null}
        <h3>{t('routing.queue.hours')}</h3>
        <p className="hint">{t('routing.queue.hours_hint')}</p>
        <div className="queue-hours">
          {DAYS.map((n) => {
            const open = hoursOf(n);
            return (
              <div key={n}>
                <Checkbox isSelected={open !== undefined} onChange={(on) => setHours(n, on ? { from: '09:00:00', until: '18:00:00' } : null)}>
                  {day(n)}
                </Checkbox>
                {open ? (
                  <>
                    <input
                      className="input"
                      type="time"
                      aria-label={t('routing.queue.from', { day: day(n) })}
                      value={open.from.slice(0, 5)}
                      onChange={(event) => event.target.value && setHours(n, { ...open, from: time(event.target.value) })}
                    />
                    <input
                      className="input"
                      type="time"
                      aria-label={t('routing.queue.until', { day: day(n) })}
                      value={open.until.slice(0, 5)}
                      onChange={(event) => event.target.value && setHours(n, { ...open, until: time(event.target.value) })}
                    />
                  </>
                ) : null}
              </div>
            );
          })}
        </div>
      </div>
    </FormDialog>
  );
}
