import { describe, expect, it } from 'vitest';
import { matchingFilter, placeOf } from './matching';
import { extended, NOTHING, toggled } from './selection';

const list = ['a', 'b', 'c', 'd', 'e'];
const ids = (picked: { ids: ReadonlySet<string> }) => [...picked.ids].sort().join('');

describe('picking', () => {
  it('goes on and off one by one', () => {
    const one = toggled(NOTHING, 'b');
    expect(ids(toggled(one, 'd'))).toBe('bd');
    expect(ids(toggled(one, 'b'))).toBe('');
  });

  it('draws a range from the last one picked, and shrinks it again', () => {
    const wide = extended(toggled(NOTHING, 'b'), list, null, 'e');
    expect(ids(wide)).toBe('bcde');
    expect(ids(extended(wide, list, null, 'c'))).toBe('bc');
    expect(ids(extended(wide, list, null, 'a'))).toBe('ab');
  });

  it('keeps what was picked before a range went over it', () => {
    const before = toggled(toggled(NOTHING, 'd'), 'b');
    const over = extended(before, list, null, 'e');
    expect(ids(extended(over, list, null, 'b'))).toBe('bd');
  });

  it('begins a range where the cursor stands', () => {
    expect(ids(extended(NOTHING, list, 'c', 'd'))).toBe('cd');
    expect(ids(extended(NOTHING, list, null, 'd'))).toBe('d');
  });

  it('picks alone what the list no longer holds', () => {
    expect(ids(extended(NOTHING, list, 'gone', 'gone too'))).toBe('gone too');
  });
});

describe('everything that a list holds', () => {
  it('is said as a filter, where one can say it', () => {
    expect(matchingFilter({ view: 'resolved' })).toEqual({ field: 'status', operator: 'is_any_of', value: ['resolved'] });
    expect(JSON.stringify(matchingFilter({ view: 'mine' }))).toContain('"me"');
    expect(JSON.stringify(matchingFilter({ view: 'team_1' }))).toContain('team_1');
    expect(matchingFilter({ view: 'view_1', saved: { all: [] } })).toEqual({ all: [] });
    expect(matchingFilter({ view: 'search', q: 'cup' })).toEqual({ field: 'text', operator: 'contains', value: 'cup' });
    for (const view of ['trash', 'spam', 'mentions', 'following'] as const) {
      expect(matchingFilter({ view })).toEqual({ all: [] });
      expect(placeOf(view)).toBe(view);
    }
    expect(placeOf('mine')).toBeUndefined();
    for (const view of ['view_1']) expect(matchingFilter({ view })).toBeNull();
  });
});
