import type { Event } from '@api';

const KNOWN = new Set([
  'conversation.created',
  'conversation.updated',
  'conversation.assigned',
  'conversation.status_changed',
  'conversation.tagged',
  'conversation.read',
  'draft.changed',
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
  'conversation.fields_changed',
  'field.updated',
  'custom_status.updated',
  'conversation.became_due',
  'company.updated',
  'saved_reply.updated',
  'macro.updated',
  'folder.updated',
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

const STATUSES = ['open', 'pending', 'on_hold', 'snoozed', 'resolved'] as const;
type StatusName = (typeof STATUSES)[number];

/** What an event is about. */
export interface Did {
  /** Below `settings.audit.did`; `null` when it has no words yet. */
  key: string | null;
  /** In the server's words, for what has none of ours. */
  fact: string | null;
  /** From and to. */
  statuses: [StatusName, StatusName] | null;
}

export function didOf(event: Event): Did {
  const data = (event.data ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' && value ? value : null);
  const status = (value: unknown) => STATUSES.find((one) => one === value);
  const name = event.kind === 'security.audited' ? (text(data.action) ?? event.kind) : event.kind;
  const key = KNOWN.has(name) ? name.replace('.', '_') : null;
  const [from, to] = [status(data.from), status(data.to)];
  // "Updated" is what the line says anyway.
  const fact = data.change === 'updated' ? null : (text(data.change) ?? text(data.shelf) ?? text(data.address) ?? text(data.state));
  return { key, fact, statuses: from && to ? [from, to] : null };
}

/** The day an event belongs to, in the reader's time. */
export const dayKey = (at: string): string => new Date(at).toDateString();
