import { type Field, Problem } from '@api';
import type { TFunction } from 'i18next';

/** What is wrong with the value of a field, in the reader's language. */
export function wrongValue(t: TFunction, error: unknown, field: Field): string | null {
  if (!(error instanceof Problem)) return null;
  const found = error.errors.find((one) => one.field === `fields.${field.key}`);
  if (!found) return null;
  if (found.code === 'missing' || found.code === 'too_long' || found.code === 'not_for_inbox') return t(`work.field.wrong.${found.code}`);
  if (found.code !== 'invalid') return found.detail;
  switch (field.type.kind) {
    case 'number':
    case 'money':
    case 'date':
    case 'link':
      return t(`work.field.wrong.${field.type.kind}`);
    case 'pattern':
      return t('work.field.wrong.pattern', { pattern: field.type.pattern });
    default:
      return t('work.field.wrong.line');
  }
}
