import type { ConversationGroup } from '@api';
import { expect, test } from 'vitest';
import { planOf } from './grouped';

const group = (key: string | null, total: number): ConversationGroup => ({
  key,
  name: key,
  total,
  filter: key ? { field: 'assignee', operator: 'is_any_of', value: [key] } : { field: 'assignee', operator: 'is_not_set' },
});

test('small groups are fetched together and a long one by itself', () => {
  const plan = planOf({ items: [group('a', 20), group('b', 20), group('c', 10), group('d', 300), group(null, 3)], complete: true, at: '' });
  expect(plan.batches.map((batch) => batch.groups)).toEqual([[0, 1, 2], [3], [4]]);
  expect(plan.batches[0]?.filter).toEqual({ any: [group('a', 0).filter, group('b', 0).filter, group('c', 0).filter] });
  expect(plan.batches[1]?.filter).toEqual(group('d', 0).filter);
});

test('a list that is too long is one piece without headings', () => {
  expect(planOf({ items: [], complete: false, at: '' }).batches).toEqual([{ groups: [], filter: null }]);
  expect(planOf({ items: [], complete: true, at: '' }).batches).toEqual([]);
});
