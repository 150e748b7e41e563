import type { Event } from '@api';

const KNOWN = new Set([
  'conversation.created',
  'conversation.updated',
  'conversation.assigned',
  'conversation.status_changed',
  'conversation.tagged',
  'conversation.shelved',
  'conversation.restored',
  'conversation.purged',
  'conversation.merged',
  'conversation.unmerged',
  'conversation.split',
  'conversation.followed',
  'sender.blocked',
  'message.received',
  'message.replied',
  'message.noted',
  'message.delivery_changed',
  'customer.updated',
  'inbox.updated',
  'agent.updated',
  'team.updated',
  'tag.updated',
  'workspace.updated',
  'mail.quarantined',
  'workspace.set_up',
  'session.started',
  'session.ended',
  'password.changed',
  'password.reset',
  'password.reset_requested',
  'invitation.sent',
  'invitation.revoked',
  'token.created',
  'token.revoked',
]);

/** What an event is about, as a key below `settings.audit.did`, with the fact after it; `null` when it has no words yet. */
export function didOf(event: Event): { key: string | null; fact: string | null } {
  const data = (event.data ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' && value ? value : null);
  const name = event.kind === 'security.audited' ? (text(data.action) ?? event.kind) : event.kind;
  const key = KNOWN.has(name) ? name.replace('.', '_') : null;
  const fact =
    text(data.change) ?? text(data.shelf) ?? text(data.address) ?? text(data.state) ?? (text(data.to) && text(data.from) ? `${data.from} → ${data.to}` : null);
  return { key, fact };
}

/** The day an event belongs to, in the reader's time. */
export const dayKey = (at: string): string => new Date(at).toDateString();
