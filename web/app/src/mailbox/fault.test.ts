import type { ConnectionStep } from '@api';
import { expect, test } from 'vitest';
import en from '../messages/mailbox.en.json';
import ko from '../messages/mailbox.ko.json';
import { adviceOf, details, fieldOf, plannedSteps, stateOf } from './fault';
import { presetOf } from './presets';

const step = (change: Partial<ConnectionStep>): ConnectionStep => ({
  name: 'sign_in',
  target: 'incoming',
  ok: false,
  ms: 400,
  detail: '',
  fault: null,
  server_said: null,
  ...change,
});
const other = presetOf('other', 'a@shop.example');

test('a refused password at a company with app passwords asks for one', () => {
  expect(adviceOf(step({ fault: 'sign_in' }), presetOf('gmail', ''))).toBe('app_password');
  expect(adviceOf(step({ fault: 'sign_in' }), presetOf('microsoft', ''))).toBe('oauth_only');
  expect(adviceOf(step({ fault: 'sign_in' }), other)).toBe('sign_in');
});
test('a refused sender is not called a protocol error', () => {
  expect(adviceOf(step({ name: 'recipient', target: 'outgoing', fault: 'protocol' }), other)).toBe('recipient');
});
test('every fault has its sentence in both languages', () => {
  for (const fault of ['dns', 'refused', 'timeout', 'tls', 'certificate', 'sign_in', 'app_password', 'folder', 'protocol', 'blocked'] as const) {
    const advice = adviceOf(step({ fault }), other);
    expect(en.fault[advice], fault).toBeTruthy();
    expect(ko.fault[advice], fault).toBeTruthy();
  }
});
test('the field to look at is marked', () => {
  expect(fieldOf(step({ fault: 'dns' }))).toBe('incoming.host');
  expect(fieldOf(step({ fault: 'app_password', target: 'outgoing' }))).toBe('outgoing.password');
  expect(fieldOf(step({ fault: 'folder' }))).toBe('incoming.folder');
  expect(fieldOf(step({ ok: true }))).toBeNull();
});
test('steps not tried are still to come', () => {
  expect(plannedSteps({ incoming: true, outgoing: false }).map(stateOf)).toEqual(Array(6).fill('todo'));
});
test('the details say everything and hold the server’s own words', () => {
  const text = details('help@shop.example', {
    ok: false,
    steps: [step({ fault: 'sign_in', server_said: '535 5.7.8 no' }), step({ name: 'folder', ok: null })],
  });
  expect(text).toContain('incoming sign_in: failed (sign_in), 400 ms · server: 535 5.7.8 no');
  expect(text).toContain('incoming folder: not tried');
});
