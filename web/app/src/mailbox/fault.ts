import type { ConnectionHealth, ConnectionStep, ConnectionTest, Fault, StepName } from '@api';
import type { TFunction } from 'i18next';
import type { MailboxField } from './form';
import type { Preset } from './presets';

/** What a step found, as a key below `mailbox.step`: done, failed, or still to come. */
export type StepState = 'ok' | 'failed' | 'todo';
export const stateOf = (step: ConnectionStep): StepState => (step.ok === true ? 'ok' : step.ok === false ? 'failed' : 'todo');

/** Which sentence explains a failed step: the server's fault, made more exact by what we know of the company. */
export function adviceOf(step: ConnectionStep, preset: Preset): Fault | 'oauth_only' | 'recipient' | 'unknown' {
  if (step.ok !== false) return 'unknown';
  if ((step.fault === 'sign_in' || step.fault === 'app_password') && preset.onlyOauth) return 'oauth_only';
  if (step.fault === 'sign_in' && preset.appPassword) return 'app_password';
  if (step.name === 'recipient' && (step.fault === 'protocol' || step.fault === null)) return 'recipient';
  return step.fault ?? 'unknown';
}

/** Why a connection in use fails: in the reader's language where we know the fault, else in the server's words. */
export const faultText = (t: TFunction, health: ConnectionHealth): string =>
  health.fault ? t(`mailbox.fault.${health.fault}`) : (health.detail ?? t('mailbox.fault.unknown'));

/** The field to mark for a failed step. */
export function fieldOf(step: ConnectionStep): MailboxField | null {
  if (step.ok !== false) return null;
  const target = step.target;
  switch (step.fault) {
    case 'dns':
    case 'certificate':
    case 'blocked':
      return `${target}.host`;
    case 'refused':
    case 'timeout':
    case 'tls':
      return `${target}.port`;
    case 'sign_in':
    case 'app_password':
      return `${target}.password`;
    case 'folder':
      return target === 'incoming' ? 'incoming.folder' : null;
    default:
      return null;
  }
}

/** What a failing test steps through, before there is an answer. */
export function plannedSteps(form: { incoming: boolean; outgoing: boolean }): ConnectionStep[] {
  const names: [ConnectionStep['target'], StepName[]][] = [
    ['incoming', form.incoming ? ['dns', 'connect', 'tls', 'sign_in', 'folder', 'fetch'] : []],
    ['outgoing', form.outgoing ? ['dns', 'connect', 'tls', 'sign_in', 'recipient'] : []],
  ];
  return names.flatMap(([target, list]) => list.map((name) => ({ name, target, ok: null, ms: 0, detail: '', fault: null, server_said: null })));
}

/** The whole test as lines of text, for a colleague or a mail company's help desk. No passwords are in it. */
export function details(address: string, test: ConnectionTest): string {
  const line = (step: ConnectionStep) =>
    [
      `${step.target} ${step.name}: ${step.ok === true ? 'ok' : step.ok === false ? `failed (${step.fault ?? 'unknown'})` : 'not tried'}, ${step.ms} ms`,
      step.detail,
      step.server_said ? `server: ${step.server_said}` : '',
    ]
      .filter(Boolean)
      .join(' · ');
  return [`Sonnim connection test for ${address}`, ...test.steps.map(line)].join('\n');
}
