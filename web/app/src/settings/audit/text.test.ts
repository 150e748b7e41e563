import type { Event } from '@api';
import { expect, test } from 'vitest';
import en from '../../messages/settings.en.json';
import { didOf } from './text';

const event = (kind: string, data: Record<string, unknown> = {}): Event => ({
  id: 'evt_1',
  at: '2026-11-22T10:00:00.000Z',
  kind,
  actor: { kind: 'agent', id: 'agt_1', name: 'Mina' },
  conversation_id: null,
  data,
});

test('a security event is named by its action', () => {
  const { key } = didOf(event('security.audited', { action: 'token.created', subject: 'tok_1' }));
  expect(key).toBe('token_created');
  expect(en.audit.did).toHaveProperty(key as string);
});
test('a change is told with its fact', () => {
  expect(didOf(event('inbox.updated', { inbox: 'inb_1', change: 'connection' }))).toEqual({ key: 'inbox_updated', fact: 'connection', statuses: null });
  expect(didOf(event('conversation.status_changed', { from: 'open', to: 'resolved' })).statuses).toEqual(['open', 'resolved']);
});
test('what has no words yet shows its own name', () => expect(didOf(event('new.thing'))).toEqual({ key: null, fact: null, statuses: null }));
