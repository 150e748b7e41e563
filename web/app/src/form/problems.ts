import { Problem } from '@api';
import type { TFunction } from 'i18next';
import { problemText } from '../shell/problem-text';

const CODES = ['missing', 'invalid', 'unknown', 'too_long', 'too_short', 'too_many', 'taken', 'weak', 'not_found', 'own', 'outside'];
const SENTENCES = [
  'wrong_credentials',
  'link_expired',
  'already_set_up',
  'last_owner',
  'yourself',
  'team_in_use',
  'provider_not_configured',
  'provider_refused',
  'no_outgoing',
];

/** What is wrong with one field and what to do, in the reader's language. `kind` picks a sentence made for that sort of field. */
export function fieldText(t: TFunction, error: unknown, field: string, kind?: 'email' | 'password' | 'current'): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const found = error.errors.find((one) => one.field === field || one.field.endsWith(`.${field}`));
  if (!found) return undefined;
  if (kind === 'email' && found.code === 'invalid') return t('form.wrong.email');
  if (kind === 'email' && found.code === 'taken') return t('form.wrong.email_taken');
  if (kind === 'current') return t('form.wrong.current');
  if (!CODES.includes(found.code)) return found.detail;
  return t(`form.wrong.${found.code}`);
}

/** What happened, where no shown field (`fields`) already tells it. */
export function generalText(t: TFunction, error: unknown, fields: readonly string[] = []): string | undefined {
  if (!error) return undefined;
  if (error instanceof Problem) {
    const shown = (name: string) => fields.some((field) => name === field || name.endsWith(`.${field}`));
    if (error.errors.length > 0 && error.errors.every((one) => shown(one.field))) return undefined;
    if (SENTENCES.includes(error.code)) return t(`form.problem.${error.code}`);
  }
  return problemText(t, error);
}

/** A mail address, as far as a form should judge it. */
export const isAddress = (text: string): boolean => /^[^\s@<>,;"]+@[^\s@<>,;".][^\s@<>,;"]*\.[^\s@<>,;".]{2,}$/.test(text.trim());

export const PASSWORD_LENGTH = 8;
