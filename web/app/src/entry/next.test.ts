import { expect, test } from 'vitest';
import { nextPath } from './next';

test('after signing in one lands where one wanted to go', () => {
  expect(nextPath('?next=%2Finbox%2Fmine%3Fa%3D1')).toBe('/inbox/mine?a=1');
  expect(nextPath('')).toBe('/');
});
test('and never on another site', () => {
  for (const evil of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/sign-in?next=/'])
    expect(nextPath(`?next=${encodeURIComponent(evil)}`), evil).toBe('/');
});
