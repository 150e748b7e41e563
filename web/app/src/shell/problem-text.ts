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
const WORK = ['shelved', 'merged', 'not_in_trash', 'other_customer', 'newer_messages', 'messages_moved', 'not_merged'] as const;

/** What happened, in the reader's language where we have words for it, else in the server's. */
export function problemText(t: TFunction, error: unknown): string {
  if (!(error instanceof Problem)) return t('app.problem.unknown');
  const known = KNOWN.find((code) => code === error.code);
  if (known) return t(`app.problem.${known}`);
  const work = WORK.find((code) => code === error.code);
  if (work) return t(`work.problem.${work}`);
  return error.errors[0]?.detail || error.detail || t('app.problem.unknown');
}
