import type { Filter, FilterCondition, FilterField } from '@api';

/** A filter as people put it together: a group of conditions and groups, of which all, any or none must hold. */
export interface Group {
  mode: 'all' | 'any' | 'none';
  parts: (Group | FilterCondition)[];
}

export const isGroup = (part: Group | FilterCondition): part is Group => 'mode' in part;

/** Operators that say the opposite of each other. */
const OPPOSITE: Record<string, string> = {
  is_any_of: 'is_none_of',
  is_none_of: 'is_any_of',
  is_set: 'is_not_set',
  is_not_set: 'is_set',
  contains: 'does_not_contain',
  does_not_contain: 'contains',
};

function opposite(condition: FilterCondition): FilterCondition | null {
  if (typeof condition.value === 'boolean') return { ...condition, value: !condition.value };
  const operator = OPPOSITE[condition.operator];
  return operator ? { ...condition, operator } : null;
}

/** The group that a filter amounts to. */
export function toGroup(filter: Filter): Group {
  const part = toPart(filter);
  return isGroup(part) ? part : { mode: 'all', parts: [part] };
}

function toPart(filter: Filter): Group | FilterCondition {
  if ('all' in filter) return { mode: 'all', parts: filter.all.map(toPart) };
  if ('any' in filter) return { mode: 'any', parts: filter.any.map(toPart) };
  if (!('not' in filter)) return filter;
  const inner = toPart(filter.not);
  if (!isGroup(inner)) return opposite(inner) ?? { mode: 'none', parts: [inner] };
  if (inner.mode === 'any') return { mode: 'none', parts: inner.parts };
  if (inner.mode === 'none') return { mode: 'any', parts: inner.parts };
  return { mode: 'none', parts: [inner] };
}

/** The filter that a group stands for. */
export function fromGroup(group: Group): Filter {
  const parts = group.parts.map((part) => (isGroup(part) ? fromGroup(part) : part));
  if (group.mode === 'none') return { not: { any: parts } };
  return group.mode === 'any' ? { any: parts } : { all: parts };
}

/** Whether every condition has what its operator needs. */
export function isWhole(group: Group): boolean {
  return group.parts.every((part) => {
    if (isGroup(part)) return isWhole(part);
    if (part.operator === 'is_set' || part.operator === 'is_not_set') return true;
    if (Array.isArray(part.value)) return part.value.length > 0;
    return part.value !== undefined && part.value !== '';
  });
}

/** A condition to begin with. */
export function freshCondition(field: FilterField): FilterCondition {
  const operator = field.operators[0] ?? 'is';
  // What is due lies ahead.
  if (field.field === 'due') return { field: field.field, operator: 'before', value: '1d' };
  switch (field.kind) {
    case 'choice':
    case 'address':
    case 'word':
      return { field: field.field, operator, value: [] };
    case 'number':
      return { field: field.field, operator, value: 1 };
    case 'time':
      return { field: field.field, operator: 'after', value: '-7d' };
    case 'date':
      return { field: field.field, operator, value: 'today' };
    case 'flag':
      return { field: field.field, operator, value: true };
    default:
      return { field: field.field, operator, value: '' };
  }
}

/** The same condition with another operator: what it is compared with stays, where that still fits. */
export function withOperator(condition: FilterCondition, operator: string, field: FilterField): FilterCondition {
  if (operator === 'is_set' || operator === 'is_not_set') return { field: condition.field, operator };
  // A short text is compared with whole words, or with a part.
  const isPart = field.kind === 'word' && (operator === 'contains' || operator === 'does_not_contain');
  // A time is within a day or week, or before or after an instant.
  if (field.kind === 'time' && (operator === 'is') !== (condition.operator === 'is'))
    return operator === 'is' ? { field: condition.field, operator, value: 'today' } : { ...freshCondition(field), operator };
  const value = condition.value ?? freshCondition(field).value ?? '';
  if (isPart) return { field: condition.field, operator, value: Array.isArray(value) ? (value[0] ?? '') : value };
  if (field.kind === 'word') return { field: condition.field, operator, value: Array.isArray(value) ? value : value === '' ? [] : [String(value)] };
  return { field: condition.field, operator, value };
}

/** `-7d` as a number and a unit; null for a date. */
export function readAge(value: unknown): { n: number; unit: 'm' | 'h' | 'd' } | null {
  const match = typeof value === 'string' ? /^(-?\d+)([mhd])$/.exec(value) : null;
  return match ? { n: Math.abs(Number(match[1])), unit: match[2] as 'm' | 'h' | 'd' } : null;
}

/** Whether a text in the search field is a typed query, not only words: `Re: …` and `http://…` are words. */
export const isTyped = (text: string): boolean =>
  [...text.matchAll(/(?:^|\s)-?([a-z_]+)(?:\.[a-z0-9_]+)?:\S/gi)].some((match) => KNOWN.has((match[1] ?? '').toLowerCase())) ||
  /(^|\s)-\S/.test(text) ||
  /"[^"]+"/.test(text);

/** The text without a condition at its end that still lacks what it asks for. */
export const finished = (text: string): string =>
  text.replace(/(?:^|\s)-?([a-z_]+)(?:\.[a-z0-9_]+)?:"?$/i, (part, key: string) => (KNOWN.has(key.toLowerCase()) ? '' : part)).trim();

export interface Suggestion {
  /** What is put in place of the word being typed. */
  text: string;
  label: string;
}

const KEYS = [
  'is',
  'status',
  'custom_status',
  'assignee',
  'team',
  'inbox',
  'tag',
  'company',
  'priority',
  'from',
  'subject',
  'mentions',
  'follower',
  'has',
  'created',
  'updated',
  'active',
  'written',
  'waiting',
  'due',
  'replied',
  'snoozed',
  'resolved',
  'messages',
  'number',
];

const KNOWN = new Set([...KEYS, 'field', 'agent', 'with', 'cc', 'participant', 'channel']);

/** What was, and what will be. */
const PAST = ['today', 'yesterday', 'this-week', 'last-week', '<1d', '<7d', '>30d'];
const AHEAD = ['today', 'tomorrow', 'this-week', 'next-week'];

const VALUES: Record<string, readonly string[]> = {
  is: [
    'open',
    'pending',
    'on_hold',
    'snoozed',
    'resolved',
    'unread',
    'read',
    'assigned',
    'unassigned',
    'waiting',
    'due',
    'overdue',
    'following',
    'mentioned',
    'untagged',
  ],
  has: ['attachment', 'assignee', 'team', 'tag', 'company'],
  priority: ['low', 'normal', 'high', 'urgent'],
  created: PAST,
  updated: PAST,
  active: PAST,
  written: PAST,
  waiting: ['>1h', '>4h', '>1d'],
  due: [...AHEAD, 'overdue', '<1d', '>7d', 'none'],
  replied: [...PAST, 'none'],
  snoozed: AHEAD,
  resolved: PAST,
  messages: ['>5', '>10'],
};

/** Besides the names. */
const EXTRA: Record<string, readonly string[]> = {
  status: ['open', 'pending', 'on_hold', 'snoozed', 'resolved'],
  custom_status: ['none'],
  assignee: ['me', 'none'],
  team: ['mine', 'none'],
  tag: ['none'],
  company: ['none'],
  mentions: ['me'],
  follower: ['me', 'none'],
};
const NAMED_LIKE: Record<string, string> = { mentions: 'assignee', follower: 'assignee' };

const quoted = (name: string): string => (/[\s,:"]/.test(name) ? `"${name.replaceAll('"', '')}"` : name);

/** How the word at the end of a query may go on. Names are of agents, teams, inboxes, tags, and the options of custom fields. */
export function complete(text: string, names: Record<string, readonly string[]>, most = 8): Suggestion[] {
  const word = /(?:^|\s)-?((?:(?:field\.[a-z0-9_]+|[a-z_]+):)?(?:"[^"]*|[^\s"]*))$/i.exec(text)?.[1] ?? '';
  if (!word) return [];
  const colon = word.indexOf(':');
  if (colon < 0)
    return [...KEYS, ...Object.keys(names).filter((key) => key.startsWith('field.'))]
      .filter((key) => key.startsWith(word.toLowerCase()))
      .slice(0, most)
      .map((key) => ({ text: `${key}:`, label: `${key}:` }));
  const key = word.slice(0, colon).toLowerCase();
  const begun = word
    .slice(colon + 1)
    .replaceAll('"', '')
    .toLowerCase();
  return [...(VALUES[key] ?? EXTRA[key] ?? []), ...(VALUES[key] ? [] : (names[NAMED_LIKE[key] ?? key] ?? []))]
    .filter((value) => value.toLowerCase().startsWith(begun) && value.toLowerCase() !== begun)
    .slice(0, most)
    .map((value) => ({ text: `${key}:${quoted(value)} `, label: value }));
}

/** The query with a suggestion in place of the word at its end. */
export function accept(text: string, suggestion: Suggestion): string {
  return text.replace(
    /(^|\s)(-?)(?:(?:field\.[a-z0-9_]+|[a-z_]+):)?(?:"[^"]*|[^\s"]*)$/i,
    (_, before: string, minus: string) => before + minus + suggestion.text,
  );
}
