import { expect, test, vi } from 'vitest';
import { keyName, match } from './keyboard';
import { holdTyped, takeTyped } from './palette-keys';
import { findRange, rankCommands } from './palette-rank';

const press = (key: string, code = '', more: Partial<{ shift: boolean; mod: boolean; alt: boolean }> = {}) =>
  keyName({ key, code, shift: false, mod: false, alt: false, ...more });

test('letters are themselves, with what is held', () => {
  expect(press('r', 'KeyR')).toBe('r');
  expect(press('A', 'KeyA', { shift: true })).toBe('Shift+a');
  expect(press('k', 'KeyK', { mod: true })).toBe('Mod+k');
});
test('in a Korean layout the key counts, not the syllable', () => {
  expect(press('ㅓ', 'KeyJ')).toBe('j');
  expect(press('ㄱ', 'KeyR')).toBe('r');
});
test('signs are what they print', () => {
  expect(press('?', 'Slash', { shift: true })).toBe('?');
  expect(press('/', 'Slash')).toBe('/');
});
test('Alt and half-typed syllables are not ours', () => {
  expect(press('r', 'KeyR', { alt: true })).toBeNull();
  expect(press('Process', 'Comma')).toBeNull();
});

const commands = [
  { id: 'reply', keys: 'r' },
  { id: 'inbox', keys: 'g i' },
  { id: 'unassigned', keys: 'g u' },
  { id: 'undo', keys: 'u' },
];
test('two steps make one command', () => {
  const first = match(commands, null, 'g');
  expect(first.command).toBeUndefined();
  expect(match(commands, first.pending, 'u').command?.id).toBe('unassigned');
});
test('one step works alone, and after a step that led nowhere', () => {
  expect(match(commands, null, 'u').command?.id).toBe('undo');
  expect(match(commands, 'g', 'r').command?.id).toBe('reply');
});

test('the palette puts beginnings before words before parts', () => {
  const list = [{ label: 'Unassign' }, { label: 'Settings: assignment' }, { label: 'Assign to me' }, { label: 'Snooze' }];
  expect(rankCommands(list, 'assign').map((one) => one.label)).toEqual(['Assign to me', 'Settings: assignment', 'Unassign']);
});
test('the palette finds Korean and marks it', () => {
  expect(rankCommands([{ label: '내가 담당하기' }, { label: '해결' }], '담당')).toHaveLength(1);
  expect(findRange('내가 담당하기', '담당')).toEqual([3, 5]);
});

test('what is typed before the palette has the focus is kept for it, and nothing after', () => {
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  const press = (key: string, ctrlKey = false) => page.dispatchEvent(Object.assign(new Event('keydown', { cancelable: true }), { key, ctrlKey }));
  press('x');
  holdTyped();
  expect([press('한'), press('a'), press('b', true), press('Escape')]).toEqual([false, false, true, true]);
  expect(takeTyped()).toBe('한a');
  expect([press('c'), takeTyped()]).toEqual([true, '']);
  vi.unstubAllGlobals();
});
