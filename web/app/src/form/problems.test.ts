import { Problem } from '@api';
import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { fieldText, generalText, isAddress } from './problems';

const t = ((key: string) => key) as unknown as TFunction;
const invalid = new Problem('invalid', 422, '', [
  { field: 'owner.email', code: 'invalid', detail: 'x' },
  { field: 'owner.password', code: 'weak', detail: 'use at least 8 characters' },
]);

test('a field finds its own sentence, also by its last part', () => {
  expect(fieldText(t, invalid, 'owner.email', 'email')).toBe('form.wrong.email');
  expect(fieldText(t, invalid, 'password', 'password')).toBe('form.wrong.weak');
  expect(fieldText(t, invalid, 'name')).toBeUndefined();
});
test('a code without a sentence speaks with the server’s words', () => {
  expect(fieldText(t, new Problem('invalid', 422, '', [{ field: 'name', code: 'odd', detail: 'Odd name.' }]), 'name')).toBe('Odd name.');
});
test('what the fields tell is not told twice', () => {
  expect(generalText(t, invalid, ['email', 'password'])).toBeUndefined();
  expect(generalText(t, new Problem('wrong_credentials', 401, ''))).toBe('form.problem.wrong_credentials');
  expect(generalText(t, new Problem('offline', 0, ''))).toBe('app.problem.offline');
  expect(generalText(t, null)).toBeUndefined();
});
test('an address needs a name, a host and an ending', () => {
  for (const good of ['help@harugoods.example', '  a.b+c@mail.example.co.kr ', '손님@예시.한국']) expect(isAddress(good), good).toBe(true);
  for (const bad of ['help', 'help@', 'help@host', '@host.com', 'a b@host.com', 'a@b@c.com', 'a@.com']) expect(isAddress(bad), bad).toBe(false);
});
