import type { WidgetCondition, WidgetInvitationSettings, WidgetRule, WidgetSettings } from '@api';
import { Button, IconButton, Segmented, Select, Switch, TextInput } from '@ui';
import { useTranslation } from 'react-i18next';
import { useInvitationCounts } from '../../visitor/queries';
import { Section } from '../page';
import { TwoWords } from './two-words';

const KINDS = ['url', 'page_seconds', 'site_seconds', 'attribute', 'returning', 'language', 'online'] as const;
const URL_OPS = ['contains', 'equals', 'starts'] as const;
const FACT_OPS = ['at_least', 'at_most', 'equals', 'is'] as const;
const MOST = 20;

/** A condition as it begins: complete but for what only its writer knows. */
const fresh = (kind: WidgetCondition['kind']): WidgetCondition => {
  const none = { op: null, name: null, value: null };
  if (kind === 'url') return { ...none, kind, op: 'contains', value: '' };
  if (kind === 'attribute') return { ...none, kind, op: 'at_least', name: 'cart_value', value: '100' };
  if (kind === 'language') return { ...none, kind, value: 'ko' };
  if (kind === 'page_seconds' || kind === 'site_seconds') return { ...none, kind, value: '30' };
  return { ...none, kind };
};

const id = () => [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(36).padStart(2, '0')).join('');
const whole = (text: string, otherwise: number) => (/^\d+$/.test(text) ? Number(text) : otherwise);

interface Props {
  inbox: string;
  value: WidgetSettings;
  set: (patch: Partial<WidgetSettings>) => void;
  error: string | null | undefined;
}

/** Who is on the site, and what the widget says first. */
export function Visitors({ inbox, value, set, error }: Props) {
  const { t } = useTranslation();
  const plan = value.invitations;
  const change = (patch: Partial<WidgetInvitationSettings>) => set({ invitations: { ...plan, ...patch } });
  const counts = useInvitationCounts(inbox, plan.rules.length > 0).data ?? [];
  const put = (at: number, patch: Partial<WidgetRule>) => change({ rules: plan.rules.map((rule, i) => (i === at ? { ...rule, ...patch } : rule)) });
  const up = (at: number) => {
    const rules = [...plan.rules];
    const [one] = rules.splice(at, 1);
    if (one) rules.splice(at - 1, 0, one);
    change({ rules });
  };
  return (
    <Section title={t('visitor.rules.title')} hint={t('visitor.rules.hint')}>
      <div>
        <Switch isSelected={value.live} onChange={(live) => set({ live })}>
          {t('visitor.rules.live')}
        </Switch>
        <p className="hint">{t('visitor.rules.live_hint')}</p>
      </div>
      <Switch isSelected={plan.enabled} onChange={(enabled) => change({ enabled })}>
        {t('visitor.rules.enabled')}
      </Switch>
      {plan.enabled ? (
        <>
          <div className="widget-rules">
            <p className="hint">{t('visitor.rules.list_hint')}</p>
            {plan.rules.map((rule, at) => {
              const count = counts.find((one) => one.id === rule.id);
              return (
                <fieldset key={rule.id} className="widget-question">
                  <legend className="sr">{rule.name}</legend>
                  <div className="row between">
                    <Switch isSelected={rule.enabled} onChange={(enabled) => put(at, { enabled })}>
                      {t('visitor.rules.on')}
                    </Switch>
                    <span className="row">
                      {at > 0 ? <IconButton icon="up" label={t('visitor.rules.up')} onPress={() => up(at)} /> : null}
                      <IconButton icon="trash" label={t('visitor.rules.remove')} onPress={() => change({ rules: plan.rules.filter((_, i) => i !== at) })} />
                    </span>
                  </div>
                  <TextInput label={t('visitor.rules.name')} value={rule.name} onChange={(name) => put(at, { name })} />
                  <TwoWords label={t('visitor.rules.words')} value={rule.words} onChange={(words) => put(at, { words })} rows={2} />
                  <div className="field">
                    <span className="label">{t('visitor.rules.from')}</span>
                    <Segmented
                      label={t('visitor.rules.from')}
                      value={rule.from}
                      onChange={(from) => put(at, { from })}
                      items={(['team', 'agent'] as const).map((one) => ({ id: one, label: t(`visitor.rules.from_${one}`) }))}
                    />
                  </div>
                  <Conditions value={rule.when} onChange={(when) => put(at, { when })} />
                  {count ? <p className="hint num">{t('visitor.rules.counts', { shown: count.shown, answered: count.answered })}</p> : null}
                </fieldset>
              );
            })}
            {error ? <p className="error">{error}</p> : null}
            {plan.rules.length < MOST ? (
              <div className="row">
                <Button
                  size="s"
                  icon="plus"
                  onPress={() =>
                    change({
                      rules: [
                        ...plan.rules,
                        { id: id(), name: t('visitor.rules.new_name'), enabled: true, when: [fresh('page_seconds')], words: {}, from: 'team' },
                      ],
                    })
                  }
                >
                  {t('visitor.rules.add')}
                </Button>
              </div>
            ) : null}
          </div>
          <div className="widget-caps">
            {(
              [
                ['days', 'days'],
                ['per_visit', 'per_visit'],
                ['dismissed_days', 'dismissed'],
              ] as const
            ).map(([name, word]) => (
              <TextInput
                key={name}
                label={t(`visitor.rules.${word}`)}
                value={String(plan[name])}
                inputMode="numeric"
                onChange={(text) => change({ [name]: Math.min(365, whole(text, plan[name])) })}
              />
            ))}
          </div>
        </>
      ) : null}
    </Section>
  );
}

function Conditions({ value, onChange }: { value: readonly WidgetCondition[]; onChange: (value: WidgetCondition[]) => void }) {
  const { t } = useTranslation();
  const put = (at: number, next: WidgetCondition) => onChange(value.map((one, i) => (i === at ? next : one)));
  return (
    <div className="field">
      <span className="label">{t('visitor.rules.when')}</span>
      {value.length === 0 ? <span className="hint">{t('visitor.rules.always')}</span> : null}
      {value.map((one, at) => {
        const ops = one.kind === 'url' ? URL_OPS : one.kind === 'attribute' ? FACT_OPS : [];
        const asks = one.kind !== 'returning' && one.kind !== 'online' && one.op !== 'is';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own, and are not moved
          <div key={at} className="widget-condition">
            <Select
              label={t('visitor.rules.condition')}
              hideLabel
              value={one.kind}
              onChange={(kind) => put(at, fresh(kind))}
              items={KINDS.map((kind) => ({ id: kind, label: t(`visitor.rules.kinds.${kind}`) }))}
            />
            {one.kind === 'attribute' ? (
              <TextInput label={t('visitor.rules.attribute')} hideLabel value={one.name ?? ''} onChange={(name) => put(at, { ...one, name: name.trim() })} />
            ) : null}
            {ops.length > 0 ? (
              <Select
                label={t('visitor.rules.op')}
                hideLabel
                value={one.op}
                onChange={(op) => put(at, { ...one, op, value: op === 'is' ? null : (one.value ?? '') })}
                items={ops.map((op) => ({ id: op, label: t(`visitor.rules.ops.${op}`) }))}
              />
            ) : null}
            {asks ? (
              <TextInput label={t('visitor.rules.value')} hideLabel value={one.value ?? ''} onChange={(text) => put(at, { ...one, value: text })} />
            ) : null}
            <IconButton icon="x" size="s" label={t('visitor.rules.remove_condition')} onPress={() => onChange(value.filter((_, i) => i !== at))} />
          </div>
        );
      })}
      {value.length < 10 ? (
        <div>
          <Button size="s" kind="quiet" icon="plus" onPress={() => onChange([...value, fresh('url')])}>
            {t('visitor.rules.add_condition')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
