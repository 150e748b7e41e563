import type { Field, FieldValue, Language, Translated } from '@api';

export type FieldValues = Record<string, FieldValue>;

/** Words in a language, else in the other. */
export const inLanguage = (words: Translated, language: string): string =>
  ((language as Language) === 'ko' ? words.ko || words.en : words.en || words.ko) || '';

const isSet = (value: FieldValue | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);

/** Whether a field is shown with a conversation of an inbox: the server decides the same (`model::field`). */
export function isShown(field: Field, all: readonly Field[], values: FieldValues, inboxId: string): boolean {
  let at: Field | undefined = field;
  for (let steps = 0; steps <= all.length; steps++) {
    if (!at || at.archived_at || (at.inbox_ids.length > 0 && !at.inbox_ids.includes(inboxId))) return false;
    const when: Field['shown_when'] = at.shown_when;
    if (!when) return true;
    const other: Field | undefined = all.find((one) => one.id === when.field_id);
    if (!other) return false;
    const value = values[other.key];
    const words = Array.isArray(value) ? value : [isSet(value) ? String(value) : 'false'];
    if (!words.some((word) => when.any_of.includes(word))) return false;
    at = other;
  }
  return false;
}

/** The fields that have to be filled in before the conversation can be resolved. */
export const missingFields = (all: readonly Field[], values: FieldValues, inboxId: string): Field[] =>
  all.filter((field) => field.required && !isSet(values[field.key]) && isShown(field, all, values, inboxId));

/** Digits behind the point of a currency. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** A value as one types it. */
export function typedOf(field: Field, value: FieldValue | undefined): string {
  if (!isSet(value)) return '';
  if (field.type.kind === 'money' && typeof value === 'number') {
    const digits = digitsOf(field.type.currency);
    return (value / 10 ** digits).toFixed(digits);
  }
  return String(value);
}

/** What was typed as a value. What is none goes as it is: the server says what would fit. */
export function readTyped(field: Field, text: string): FieldValue {
  const trimmed = text.trim();
  if (!trimmed) return null;
  if (field.type.kind === 'number') return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
  if (field.type.kind === 'money') {
    const digits = digitsOf(field.type.currency);
    const plain = trimmed.replaceAll(',', '');
    const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain) ?? [];
    if (whole === undefined || part.length > digits) return trimmed;
    return Number(`${sign}${whole}${part.padEnd(digits, '0')}`);
  }
  return trimmed;
}

/** A value in the reader's words. */
export function shownValue(field: Field | undefined, value: FieldValue | undefined, language: string, yes: string): string {
  if (!isSet(value) || value === undefined || value === null) return '–';
  if (!field) return Array.isArray(value) ? value.join(', ') : value === true ? yes : String(value);
  const { type } = field;
  if (type.kind === 'choice' || type.kind === 'multi_choice') {
    const label = (key: string) => {
      const option = type.options.find((one) => one.key === key);
      return option ? inLanguage(option.label, language) : key;
    };
    return (Array.isArray(value) ? value : [String(value)]).map(label).join(', ');
  }
  if (type.kind === 'money' && typeof value === 'number')
    return new Intl.NumberFormat(language, { style: 'currency', currency: type.currency }).format(value / 10 ** digitsOf(type.currency));
  if (type.kind === 'number' && typeof value === 'number') return new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format(value);
  return value === true ? yes : String(value);
}
