import type { CustomStatus } from '@api';
import { expect, it } from 'vitest';
import { defaultOf, statusChoices, statusName } from './groups';

const one = (name: string, category: CustomStatus['category'], more: Partial<CustomStatus> = {}): CustomStatus => ({
  id: name,
  version: 1,
  name,
  category,
  color: 'blue',
  is_default: false,
  position: 1,
  archived_at: null,
  created_at: '',
  updated_at: '',
  ...more,
});
const names = (all: CustomStatus[]) => statusChoices(all).map((group) => group.map((choice) => choice.custom?.name ?? choice.category));

it('without statuses of its own a workspace has the four categories', () => {
  expect(names([])).toEqual([['open'], ['pending'], ['on_hold'], ['resolved']]);
});

it('a default stands in place of its category, and what is archived is not offered', () => {
  const all = [one('New', 'open', { is_default: true }), one('Parts', 'pending'), one('Old', 'open', { archived_at: '2026-11-22T10:00:00Z' })];
  expect(names(all)).toEqual([['New'], ['pending', 'Parts'], ['on_hold'], ['resolved']]);
  expect(defaultOf(all, 'open')?.name).toBe('New');
  expect(defaultOf(all, 'pending')).toBeNull();
});

it('a conversation is called by the name of the workspace where it has one', () => {
  const custom = { id: 'x', name: 'Parts', color: 'blue' as const };
  expect(statusName({ status: { kind: 'pending' }, custom_status: custom }, (kind) => kind)).toBe('Parts');
  expect(statusName({ status: { kind: 'pending' }, custom_status: null }, (kind) => kind)).toBe('pending');
});
