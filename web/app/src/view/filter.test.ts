import type { Filter } from '@api';
import { expect, test } from 'vitest';
import { accept, complete, finished, freshCondition, fromGroup, isTyped, isWhole, readAge, toGroup, withOperator } from './filter';

const tag = { field: 'tag', operator: 'is_any_of', value: ['tag_1'] };
const unread = { field: 'unread', operator: 'is', value: true };

test('a filter becomes groups and comes back with the same meaning', () => {
  const filter: Filter = { all: [tag, { any: [unread, { not: { any: [tag, unread] } }] }] };
  expect(fromGroup(toGroup(filter))).toEqual(filter);
});

test('a turned-round condition is drawn as its opposite', () => {
  expect(toGroup({ all: [{ not: tag }, { not: unread }] }).parts).toEqual([
    { ...tag, operator: 'is_none_of' },
    { ...unread, value: false },
  ]);
  expect(toGroup({ not: { field: 'created', operator: 'before', value: '-7d' } })).toEqual({
    mode: 'none',
    parts: [{ field: 'created', operator: 'before', value: '-7d' }],
  });
});

test('a lone condition stands in a group of its own', () => {
  expect(toGroup(tag)).toEqual({ mode: 'all', parts: [tag] });
});

test('a condition without its value is not whole', () => {
  expect(isWhole({ mode: 'all', parts: [tag, { mode: 'any', parts: [unread] }] })).toBe(true);
  expect(isWhole({ mode: 'all', parts: [{ ...tag, value: [] }] })).toBe(false);
  expect(isWhole({ mode: 'all', parts: [{ mode: 'any', parts: [{ field: 'text', operator: 'contains', value: '' }] }] })).toBe(false);
  expect(isWhole({ mode: 'all', parts: [{ field: 'assignee', operator: 'is_not_set' }] })).toBe(true);
});

test('an operator without value drops the value, and one with a value brings a fresh one', () => {
  const field = { field: 'tag', kind: 'choice' as const, operators: ['is_any_of', 'is_none_of', 'is_set', 'is_not_set'] };
  expect(withOperator(tag, 'is_set', field)).toEqual({ field: 'tag', operator: 'is_set' });
  expect(withOperator({ field: 'tag', operator: 'is_set' }, 'is_none_of', field)).toEqual({ field: 'tag', operator: 'is_none_of', value: [] });
  expect(freshCondition(field)).toEqual({ field: 'tag', operator: 'is_any_of', value: [] });
});

test('a time is within a day, or before or after an instant', () => {
  const due = { field: 'due', kind: 'time' as const, operators: ['before', 'after', 'is', 'is_set', 'is_not_set'] };
  const within = withOperator({ field: 'due', operator: 'before', value: '2d' }, 'is', due);
  expect(within).toEqual({ field: 'due', operator: 'is', value: 'today' });
  expect(withOperator({ ...within, value: 'this_week' }, 'after', due)).toEqual({ field: 'due', operator: 'after', value: '1d' });
  expect(withOperator({ field: 'due', operator: 'before', value: '2d' }, 'after', due)).toEqual({ field: 'due', operator: 'after', value: '2d' });
});

test('ages read as number and unit', () => {
  expect(readAge('-7d')).toEqual({ n: 7, unit: 'd' });
  expect(readAge('2026-01-01T00:00:00Z')).toBeNull();
});

test('plain words are a search, keys and phrases a query', () => {
  expect(isTyped('where is my parcel')).toBe(false);
  expect(isTyped('환불')).toBe(false);
  for (const text of ['is:open', 'parcel tag:refund', '"exact words"', '-is:resolved']) expect(isTyped(text)).toBe(true);
});

test('a condition that is still being typed is not asked for yet', () => {
  expect(finished('parcel due:')).toBe('parcel');
  expect(finished('-field.order:"')).toBe('');
  for (const text of ['parcel due:today', 'Re:', 'http:', 'parcel']) expect(finished(` ${text} `)).toBe(text);
});

test('the word at the end is completed', () => {
  const names = { tag: ['refund', '환불 요청'], assignee: ['Mina Kim'] };
  expect(complete('parcel as', names)).toEqual([{ text: 'assignee:', label: 'assignee:' }]);
  expect(complete('is:un', names).map((s) => s.label)).toEqual(['unread', 'unassigned', 'untagged']);
  expect(complete('tag:환', names)).toEqual([{ text: 'tag:"환불 요청" ', label: '환불 요청' }]);
  expect(complete('assignee:"mi', names)).toEqual([{ text: 'assignee:"Mina Kim" ', label: 'Mina Kim' }]);
  const fields = { ...names, 'field.colour': ['Dark red', 'none'], 'field.order_2': ['none'] };
  expect(complete('fie', fields).map((s) => s.label)).toEqual(['field.colour:', 'field.order_2:']);
  expect(complete('is:open field.colour:da', fields)).toEqual([{ text: 'field.colour:"Dark red" ', label: 'Dark red' }]);
  expect(isTyped('field.order_2:12')).toBe(true);
  expect(complete('done ', names)).toEqual([]);
  const [first] = complete('is:open -tag:re', names);
  expect(first && accept('is:open -tag:re', first)).toBe('is:open -tag:refund ');
  expect(accept('as', { text: 'assignee:', label: 'assignee:' })).toBe('assignee:');
});
