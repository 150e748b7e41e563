export type Language = 'en' | 'ko';

export type Role = 'owner' | 'admin' | 'agent' | 'viewer';

export type Time = string;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface List<T> {
  items: T[];
}

export interface AgentRef {
  id: string;
  name: string;
}

export interface TeamRef {
  id: string;
  name: string;
}

export interface InboxRef {
  id: string;
  name: string;
  address: string;
}

export interface CompanyRef {
  id: string;
  name: string;
}

export interface CustomerRef {
  id: string;
  name: string;
  email: string | null;
  company: CompanyRef | null;
}

export interface Mailbox {
  name: string | null;
  address: string;
}

export type TagColor = 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';

/** What a tag is on, and what names it. */
export interface TagUsage {
  conversations: number;
  views: number;
  macros: number;
}

export interface Tag {
  id: string;
  name: string;
  color: TagColor;
}

export type Status = { kind: 'open' } | { kind: 'pending' } | { kind: 'on_hold' } | { kind: 'snoozed'; until: Time | null } | { kind: 'resolved'; at?: Time };

export type StatusKind = Status['kind'];

/** A status to set: one that Sonnim knows, or one of the workspace's own. */
export type NewStatus = Status | { kind: 'custom'; custom_status_id: string };

export type Priority = 'low' | 'normal' | 'high' | 'urgent';

export interface Actor {
  kind: 'agent' | 'customer' | 'system' | 'token';
  id: string | null;
  name: string;
}

export interface Event {
  id: string;
  at: Time;
  kind: string;
  actor: Actor;
  conversation_id: string | null;
  data: Record<string, unknown>;
}
