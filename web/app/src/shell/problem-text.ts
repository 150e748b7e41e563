import { Problem } from '@api';
import type { TFunction } from 'i18next';

const KNOWN = [
  'offline',
  'forbidden',
  'not_found',
  'conflict',
  'too_many_requests',
  'too_large',
  'unavailable',
  'storage_full',
  'newer_message',
  'too_late',
  'cross_site',
] as const;
const WORK = [
  'shelved',
  'merged',
  'not_in_trash',
  'other_customer',
  'newer_messages',
  'messages_moved',
  'not_merged',
  'side',
  'is_case',
  'fields_missing',
  'no_recipient',
] as const;

/** What a code of the server means, in the reader's language where we have words for it. */
export function codeText(t: TFunction, code: string | null | undefined): string | undefined {
  const known = KNOWN.find((one) => one === code);
  if (known) return t(`app.problem.${known}`);
  const work = WORK.find((one) => one === code);
  return work && t(`work.problem.${work}`);
}

/** What happened, in the reader's language where we have words for it, else in the server's. */
export function problemText(t: TFunction, error: unknown): string {
  if (!(error instanceof Problem)) return t('app.problem.unknown');
  return codeText(t, error.code) ?? (error.errors[0]?.detail || error.detail || t('app.problem.unknown'));
}
