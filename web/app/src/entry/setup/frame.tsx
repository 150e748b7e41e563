import { Icon } from '@ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTitle } from '../../form/use-title';
import { useSession } from '../../session/queries';
import { LanguageSwitch } from '../frame';

export const STEPS = ['workspace', 'owner', 'mailbox', 'team', 'test'] as const;
export type SetUpStep = (typeof STEPS)[number];

/** The way through the set-up on the left, one step on the right. */
export function SetUpFrame({ step, lead, children, beside }: { step: SetUpStep; lead: ReactNode; children: ReactNode; beside?: ReactNode }) {
  const { t } = useTranslation();
  const at = STEPS.indexOf(step);
  const signedIn = Boolean(useSession().data);
  useTitle(`${t(`entry.step.${step}.title`)} · Sonnim`);
  return (
    <div className="setup">
      <aside className="way">
        <span className="mark" aria-hidden="true">
          <Icon name="mark" size={26} />
        </span>
        <p className="way-title">{t('entry.setup.title')}</p>
        <p>{t('entry.setup.lead')}</p>
        <nav aria-label={t('entry.setup.steps')}>
          <ol>
            {STEPS.map((name, i) => {
              const state = i < at ? 'done' : i === at ? 'on' : 'todo';
              const line = (
                <>
                  <span className="way-n">{state === 'done' ? <Icon name="check" size={14} /> : i + 1}</span>
                  <span>{t(`entry.step.${name}.short`)}</span>
                </>
              );
              return (
                <li key={name} data-state={state} aria-current={state === 'on' ? 'step' : undefined}>
                  {signedIn && i > 1 && i !== at ? <Link to={`/setup/${name}`}>{line}</Link> : <span>{line}</span>}
                </li>
              );
            })}
          </ol>
        </nav>
        <span className="grow" />
        <LanguageSwitch />
      </aside>
      <main className="setup-body" data-beside={beside ? 'yes' : undefined}>
        <div>
          <p className="way-small">{t('entry.setup.step_of', { n: at + 1, all: STEPS.length })}</p>
          <h1>{t(`entry.step.${step}.title`)}</h1>
          <p className="lead">{lead}</p>
          {children}
        </div>
        {beside ? <div>{beside}</div> : null}
      </main>
    </div>
  );
}
