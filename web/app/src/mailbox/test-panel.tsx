import type { ConnectionStep, ConnectionTest } from '@api';
import { Button, CopyButton, Icon } from '@ui';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { adviceOf, details, plannedSteps, stateOf } from './fault';
import type { Preset } from './presets';

export interface TestPanelProps {
  address: string;
  preset: Preset;
  test: ConnectionTest | undefined;
  isTesting: boolean;
  /** Which servers a test would try. */
  plan: { incoming: boolean; outgoing: boolean };
  /** Said below the steps when everything worked. */
  after?: string;
}

/** The connection test, step by step; a failed step says what happened, what was kept and what to do. */
export function TestPanel({ address, preset, test, isTesting, plan, after }: TestPanelProps) {
  const { t } = useTranslation();
  const panel = useRef<HTMLElement>(null);
  const failed = Boolean(test && !test.ok);
  useEffect(() => {
    if (failed) panel.current?.querySelector('.why')?.scrollIntoView({ block: 'nearest' });
  }, [failed]);
  const steps = test && !isTesting ? test.steps : plannedSteps(plan);
  const targets = (['incoming', 'outgoing'] as const).filter((target) => steps.some((step) => step.target === target));
  return (
    <section ref={panel} className="card test" aria-label={t('mailbox.test.title')} aria-busy={isTesting}>
      <h2>{t('mailbox.test.title')}</h2>
      {targets.map((target) => (
        <div key={target}>
          <h3>{t(`mailbox.test.${target}`)}</h3>
          <ol>
            {steps
              .filter((step) => step.target === target)
              .map((step, i) => (
                <Step key={step.name} step={step} isRunning={isTesting && i === 0} preset={preset} copy={test ? details(address, test) : ''} />
              ))}
          </ol>
        </div>
      ))}
      <div className="test-end" role="status">
        {isTesting ? (
          t('mailbox.test.running')
        ) : test?.ok ? (
          <b className="strong">{after ?? t('mailbox.test.all_good')}</b>
        ) : test ? null : (
          t('mailbox.test.before')
        )}
      </div>
    </section>
  );
}

function Step({ step, isRunning, preset, copy }: { step: ConnectionStep; isRunning: boolean; preset: Preset; copy: string }) {
  const { t, i18n } = useTranslation();
  const state = stateOf(step);
  const seconds = new Intl.NumberFormat(i18n.language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'narrow',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(step.ms / 1000);
  const advice = adviceOf(step, preset);
  const makesOne = advice === 'app_password' && preset.help;
  return (
    <li>
      <div className="st" data-state={isRunning ? 'busy' : state}>
        <Icon
          name={isRunning ? 'busy' : state === 'ok' ? 'circlecheck' : state === 'failed' ? 'alert' : 'clock'}
          size={20}
          className={isRunning ? 'spin' : undefined}
        />
        <span>{t(`mailbox.step.${state}.${step.name}`)}</span>
        <small className="num">{state === 'todo' ? null : seconds}</small>
      </div>
      {state === 'failed' ? (
        <div className="why" role="alert">
          <span>
            {t(`mailbox.fault.${advice}`)} {t('mailbox.fault_kept')}
          </span>
          {step.server_said || step.detail ? <code>{step.server_said || step.detail}</code> : null}
          <div className="row">
            {makesOne ? (
              <Button icon="key" onPress={() => window.open(preset.help ?? '', '_blank', 'noopener')}>
                {t('mailbox.how_to')}
              </Button>
            ) : null}
            <CopyButton kind="quiet" text={copy} label={t('mailbox.copy_details')} doneLabel={t('form.copied')} />
          </div>
        </div>
      ) : null}
    </li>
  );
}
