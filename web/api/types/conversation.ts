import type { ChatCallback, ConversationChat, Guest } from './chat';
import type { AgentRef, CompanyRef, CustomerRef, InboxRef, Mailbox, Priority, Status, Tag, TeamRef, Time } from './common';
import type { CompanyHit } from './company';
import type { CustomStatusRef } from './custom-status';
import type { FieldValue } from './field';
import type { Filter } from './view';

/** Where a conversation lies that nobody works on. */
export interface Shelf {
  kind: 'trash' | 'spam';
  at: Time;
  by: string | null;
  purged_at: Time | null;
}

export interface ShelfForm {
  kind: 'trash' | 'spam';
  block: boolean;
}

export interface MergeForm {
  into: string;
  other_customer: boolean;
}

export interface SplitForm {
  message_ids: string[];
  subject?: string;
}

export interface FollowForm {
  follows: boolean;
}

export interface BlockedSender {
  id: string;
  address: string;
  by: string | null;
  at: Time;
}

export interface Conversation {
  id: string;
  number: number;
  version: number;
  subject: string;
  channel: 'email' | 'api' | 'chat';
  status: Status;
  /** The status of the workspace's own inside that. */
  custom_status: CustomStatusRef | null;
  priority: Priority;
  inbox: InboxRef;
  customer: CustomerRef;
  assignee: AgentRef | null;
  team: TeamRef | null;
  tags: Tag[];
  preview: string;
  message_count: number;
  /** Null in the stream, which does not know the reader's mark. */
  unread: boolean | null;
  created_at: Time;
  updated_at: Time;
  last_message_at: Time;
  last_customer_message_at: Time | null;
  last_reply_at: Time | null;
  waiting_since: Time | null;
  /** Until when it is to be done. */
  due_at: Time | null;
  merged_into: string | null;
  shelf: Shelf | null;
  language: string | null;
  /** The conversation that it stands beside, for a side conversation. */
  beside: { id: string; number: number; subject: string } | null;
  /** What it has besides as a chat in the widget. */
  chat: ConversationChat | null;
  /** Values of custom fields by key, in a list that asked for them. */
  field_values?: Record<string, FieldValue>;
}

/** Conversations of a list that have something in common. */
export interface ConversationGroup {
  /** Null: no assignee, no team, no company. */
  key: string | null;
  name: string | null;
  total: number;
  filter: Filter;
}

export interface ConversationGroups {
  items: ConversationGroup[];
  /** False: the list is too long to be divided. */
  complete: boolean;
  at: Time;
}

export interface SideForm {
  to: Mailbox[];
  cc: Mailbox[];
  subject: string;
  html?: string;
  text?: string;
  attachment_ids: string[];
  forward?: ForwardForm;
}

export interface ForwardForm {
  message_id: string;
  attachment_ids?: string[];
}

export interface ConversationDetail extends Conversation {
  participants: { address: string; name: string | null; customer_id: string | null }[];
  reply_to_defaults: { to: Mailbox[]; cc: Mailbox[] };
  links: ConversationLink[];
  /** Agents who follow it. */
  follower_ids: string[];
  /** Colleagues who were invited into this chat and have not left. */
  guests: Guest[];
  /** What one would greet the customer of this chat with. */
  greeting: string | null;
  /** The customer of this chat wants to be called, or was. */
  callback: ChatCallback | null;
  /** Values of custom fields by key. */
  fields: Record<string, FieldValue>;
}

/** A conversation that belongs to another; `follows`: the one that shows the link came later. */
export interface ConversationLink {
  kind: 'same_mail' | 'related' | 'problem' | 'follow_up' | 'side';
  follows: boolean;
  conversation: LinkedConversation;
  at: Time;
}

export interface LinkedConversation {
  id: string;
  number: number;
  subject: string;
  status: Status;
  inbox: InboxRef;
}

export interface ConversationPatch {
  subject?: string;
  priority?: Priority;
  assignee_id?: string | null;
  team_id?: string | null;
  /** Passes it on to this queue; not together with assignee or team. */
  queue_id?: string;
  inbox_id?: string;
  due_at?: Time | null;
  /** Words for whoever it is assigned to with this; they become an internal note. */
  note?: { text?: string; html?: string };
  fields?: Record<string, FieldValue>;
}

export interface NewConversation {
  inbox_id: string;
  customer: { id: string } | { email: string; name?: string };
  subject: string;
  text: string;
  html?: string;
  direction: 'incoming' | 'outgoing';
  cc?: Mailbox[];
  bcc?: Mailbox[];
  attachment_ids?: string[];
  assignee_id?: string;
}

export interface ConversationCounts {
  all_open: number;
  mine: number;
  unassigned: number;
  snoozed: number;
  resolved: number;
  trash: number;
  spam: number;
  following: number;
  mentions: number;
  inboxes: Record<string, number>;
  teams: Record<string, number>;
}

export interface Customer {
  id: string;
  name: string;
  emails: { address: string; verified: boolean; suppressed: null | { reason: string; at: Time } }[];
  phones: string[];
  company: CompanyRef | null;
  language: string | null;
  notes: string | null;
  created_at: Time;
  last_seen_at: Time | null;
  conversation_count: number;
  version: number;
}

export interface CustomerPatch {
  name?: string;
  language?: string | null;
  notes?: string;
  phones?: string[];
  company_id?: string | null;
}

export interface SearchHit {
  conversation: Conversation;
  message_id: string | null;
  snippet: string;
  ranges: [number, number][];
  subject_ranges: [number, number][];
}

export interface CustomerHit {
  customer: Customer;
  name_ranges: [number, number][];
  email_ranges: [number, number][];
}

export interface SearchResult {
  items: SearchHit[];
  customers: CustomerHit[];
  companies: CompanyHit[];
}
