// The shapes of /api/v1 as this app uses them, narrower than what can be generated (states are unions, not strings).
// `npm run check` compares every field with docs/openapi.json; nothing else names wire types.

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
export interface CustomerRef {
  id: string;
  name: string;
  email: string | null;
}
export interface Mailbox {
  name: string | null;
  address: string;
}

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  undo_seconds: number;
}
export interface Agent {
  id: string;
  name: string;
  email: string;
  role: Role;
  language: Language;
  time_zone: string | null;
  signature_html: string | null;
  active: boolean;
  created_at: Time;
  last_seen_at: Time | null;
  preferences: Preferences;
}
export interface Workspace {
  id: string;
  name: string;
  language: Language;
  time_zone: string;
  public_url: string | null;
  created_at: Time;
}
export interface Me {
  agent: Agent;
  workspace: Workspace;
  permissions: string[];
  session_id: string;
}
export interface Team {
  id: string;
  name: string;
  member_ids: string[];
}

export type TagColor = 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';
export interface Tag {
  id: string;
  name: string;
  color: TagColor;
}

export type Status = { kind: 'open' } | { kind: 'pending' } | { kind: 'on_hold' } | { kind: 'snoozed'; until: Time } | { kind: 'resolved'; at?: Time };
export type StatusKind = Status['kind'];
export type Priority = 'low' | 'normal' | 'high' | 'urgent';

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
export interface Notification {
  id: string;
  kind: 'assigned' | 'mention' | 'customer_message' | 'colleague' | 'snooze_ended' | 'new_unassigned';
  conversation: { id: string; number: number; subject: string; customer_name: string };
  message_id: string | null;
  actor: Actor;
  at: Time;
  read_at: Time | null;
}
export interface NotificationList {
  items: Notification[];
  next: string | null;
  unread: number;
}
export interface NotificationsRead {
  conversation_id: string | null;
  until: string | null;
}
export interface Ways {
  in_app: boolean;
  mail: boolean;
  desktop: boolean;
}
export interface QuietHours {
  enabled: boolean;
  from: string;
  until: string;
}
export interface NotificationSettings {
  assigned: Ways;
  mention: Ways;
  customer_message: Ways;
  colleague: Ways;
  snooze_ended: Ways;
  new_unassigned: Ways;
  quiet_hours: QuietHours;
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
  channel: 'email' | 'api';
  status: Status;
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
  merged_into: string | null;
  shelf: Shelf | null;
  language: string | null;
}
export interface ConversationDetail extends Conversation {
  participants: { address: string; name: string | null; customer_id: string | null }[];
  reply_to_defaults: { to: Mailbox[]; cc: Mailbox[] };
  links: ConversationLink[];
  /** Agents who follow it. */
  follower_ids: string[];
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
  inbox_id?: string;
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
  inboxes: Record<string, number>;
  teams: Record<string, number>;
}

export interface Attachment {
  id: string;
  filename: string;
  content_type: string;
  size: number;
  inline: boolean;
  content_id: string | null;
  previewable: boolean;
}
export type DeliveryState = 'undo_window' | 'scheduled' | 'queued' | 'sending' | 'sent' | 'failed' | 'partly_failed' | 'cancelled';
export interface Delivery {
  state: DeliveryState;
  undo_until: Time | null;
  send_at: Time | null;
  attempts: number;
  next_attempt_at: Time | null;
  recipients: { address: string; state: 'queued' | 'sent' | 'failed' | 'bounced'; code: string | null; detail: string | null; at: Time | null }[];
}
export type MessageKind = 'customer' | 'reply' | 'note' | 'automatic' | 'bounce';
export interface Message {
  id: string;
  conversation_id: string;
  kind: MessageKind;
  author: { kind: 'customer' | 'agent' | 'system'; id: string | null; name: string; email: string | null };
  subject: string | null;
  text: string;
  html: string | null;
  reply_html: string | null;
  reply_text: string;
  has_quote: boolean;
  from: Mailbox | null;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  attachments: Attachment[];
  created_at: Time;
  sent_at: Time | null;
  delivery: Delivery | null;
  authentication: { spf: string; dkim: string; dmarc: string } | null;
  forwarded_by: Mailbox | string | null;
  held: boolean;
}

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
export type TimelineItem = { type: 'message'; message: Message } | { type: 'event'; event: Event };

export interface Draft {
  kind: 'reply' | 'note';
  html: string;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  attachments: Attachment[];
  updated_at: Time;
  version: number;
}
export interface DraftForm {
  kind: 'reply' | 'note';
  html: string;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  attachment_ids: string[];
  version: number | null;
}
export interface ReplyForm {
  html: string;
  text?: string;
  to: Mailbox[];
  cc: Mailbox[];
  bcc: Mailbox[];
  attachment_ids: string[];
  then?: Status | null;
  if_last_message_id?: string;
  send_at?: string;
  allow_placeholders?: boolean;
}
export interface NoteForm {
  html: string;
  text?: string;
  attachment_ids: string[];
}

export interface Customer {
  id: string;
  name: string;
  emails: { address: string; verified: boolean; suppressed: null | { reason: string; at: Time } }[];
  language: string | null;
  notes: string | null;
  created_at: Time;
  last_seen_at: Time | null;
  conversation_count: number;
  version: number;
}

export interface SearchHit {
  conversation: Conversation;
  message_id: string | null;
  snippet: string;
  ranges: [number, number][];
}

export type ConnectionState = 'ok' | 'failing' | 'off' | 'waiting';
export interface ConnectionHealth {
  state: ConnectionState;
  detail: string | null;
  since: Time | null;
}
export type MailSecurity = 'tls' | 'starttls' | 'none';
export type MailAuth = 'password' | 'google' | 'microsoft';
export type Incoming =
  | { kind: 'none' }
  | { kind: 'delivered' }
  | {
      kind: 'imap';
      host: string;
      port: number;
      security: MailSecurity;
      user_name: string;
      auth: MailAuth;
      folder: string;
      after_fetch: { kind: 'leave' | 'mark_seen' | 'move'; folder?: string };
      has_secret?: boolean;
      password?: string;
    };
export type Outgoing =
  | { kind: 'none' }
  | { kind: 'smtp'; host: string; port: number; security: MailSecurity; user_name: string | null; auth: MailAuth; has_secret?: boolean; password?: string };
export interface Inbox {
  id: string;
  name: string;
  address: string;
  from_name: string | null;
  signature_html: string | null;
  open_to_all: boolean;
  member_ids: string[];
  acknowledgement: { enabled: boolean; subject: string; text: string };
  closed_policy: { kind: 'reopen' | 'new' | 'new_after'; days: number | null };
  connection: { incoming: Incoming; outgoing: Outgoing; status: { incoming: ConnectionHealth; outgoing: ConnectionHealth } };
  created_at: Time;
  archived: boolean;
}

export interface ServerStatus {
  version: string;
  inboxes_failing: number;
  quarantined: number;
}

export interface Session {
  id: string;
  created_at: Time;
  last_seen_at: Time;
  user_agent: string;
  ip: string;
  current: boolean;
}
export interface Invitation {
  id: string;
  email: string;
  name: string;
  role: Role;
  created_at: Time;
  expires_at: Time;
}
export interface InvitationForm {
  email: string;
  name: string;
  role: Role;
  inbox_ids?: string[];
  team_ids?: string[];
  language?: Language;
}
export interface InvitedTo {
  email: string;
  name: string;
  workspace_name: string;
  language: Language;
}
export type TokenScope = 'read' | 'write' | 'admin' | 'mail';
export interface Token {
  id: string;
  name: string;
  scopes: TokenScope[];
  created_at: Time;
  last_used_at: Time | null;
  expires_at: Time | null;
}
/** A token just made; the secret is never told again. */
export interface MadeToken extends Token {
  secret: string;
}

export interface SetUpForm {
  token: string;
  workspace: { name: string; language: Language; time_zone: string };
  owner: { name: string; email: string; password: string };
}

export type StepName = 'dns' | 'connect' | 'tls' | 'sign_in' | 'folder' | 'fetch' | 'recipient';
export type Fault = 'dns' | 'refused' | 'timeout' | 'tls' | 'certificate' | 'sign_in' | 'app_password' | 'folder' | 'protocol' | 'blocked';
export interface ConnectionStep {
  name: StepName;
  target: 'incoming' | 'outgoing';
  ok: boolean | null;
  ms: number;
  detail: string;
  fault: Fault | null;
  server_said: string | null;
}
export interface ConnectionTest {
  ok: boolean;
  steps: ConnectionStep[];
}
export interface ConnectionForm {
  incoming: Incoming;
  outgoing: Outgoing;
}
export type InboxPatch = Partial<
  Pick<Inbox, 'name' | 'address' | 'from_name' | 'signature_html' | 'open_to_all' | 'member_ids' | 'acknowledgement' | 'closed_policy' | 'archived'>
>;

export type InboundState = 'received' | 'processed' | 'duplicate' | 'quarantined' | 'discarded';
export interface InboundMail {
  id: string;
  inbox: InboxRef | null;
  via: 'lmtp' | 'smtp' | 'imap' | 'api' | 'cli';
  state: InboundState;
  from: string | null;
  subject: string | null;
  size: number;
  received_at: Time;
  attempts: number;
  error: string | null;
  conversation_id: string | null;
  message_id: string | null;
}

export type Visibility = { kind: 'personal' } | { kind: 'team'; team_id: string } | { kind: 'everyone' };
export interface Folder {
  id: string;
  name: string;
}
export interface LibraryCard {
  name: string;
  folder_id: string | null;
  visibility: Visibility;
  owner_id: string;
  used: number;
  last_used_at: Time | null;
  created_at: Time;
  updated_at: Time;
  archived_at: Time | null;
  version: number;
  can_change: boolean;
}
export interface SavedReplyText {
  language: string;
  html: string;
}
export interface SavedReplyItem extends LibraryCard {
  id: string;
  previews: { language: string; preview: string }[];
}
export interface SavedReply extends LibraryCard {
  id: string;
  texts: SavedReplyText[];
  attachments: Attachment[];
}
export interface NewSavedReply {
  name: string;
  folder_id: string | null;
  visibility: Visibility;
  texts: SavedReplyText[];
  attachment_ids: string[];
}
export interface Words {
  html: string;
  missing: string[];
  placeholders: string[];
}
export interface FilledReply extends Words {
  language: string;
  attachments: Attachment[];
}
export type StatusTo =
  | { kind: 'open' }
  | { kind: 'pending' }
  | { kind: 'on_hold' }
  | { kind: 'resolved' }
  | { kind: 'snoozed_for'; minutes: number }
  | { kind: 'snoozed'; until: Time };
export type Action =
  | { kind: 'assign_agent'; agent_id: string }
  | { kind: 'assign_me' }
  | { kind: 'assign_nobody' }
  | { kind: 'assign_team'; team_id: string | null }
  | { kind: 'set_status'; status: StatusTo }
  | { kind: 'set_priority'; priority: Priority }
  | { kind: 'add_tags'; tag_ids: string[] }
  | { kind: 'remove_tags'; tag_ids: string[] }
  | { kind: 'move_inbox'; inbox_id: string }
  | { kind: 'add_note'; html: string }
  | { kind: 'insert_reply'; html?: string; saved_reply_id?: string }
  | { kind: 'send_reply'; html?: string; saved_reply_id?: string };
export interface Macro extends LibraryCard {
  id: string;
  actions: Action[];
}
export interface NewMacro {
  name: string;
  folder_id: string | null;
  visibility: Visibility;
  actions: Action[];
}
interface NamedRef {
  id: string;
  name: string;
}
export type Change =
  | { kind: 'assignee' | 'team' | 'inbox'; from: NamedRef | null; to: NamedRef | null }
  | { kind: 'status'; from: Status; to: Status }
  | { kind: 'priority'; from: Priority; to: Priority }
  | { kind: 'tags_added' | 'tags_removed'; tags: Tag[] }
  | { kind: 'note' | 'insert_reply'; words: Words }
  | { kind: 'send_reply'; words: Words; to: Mailbox[]; cc: Mailbox[] };
export interface MacroPreview {
  changes: Change[];
  fault: { action: number; code: string; detail: string } | null;
}
export interface MacroRun {
  id: string;
  undo_until: Time;
  conversation: Conversation | null;
  sent_message_id: string | null;
  inserted: (Words & { attachments: Attachment[] }) | null;
}
export interface MacroUndone {
  restored: string[];
  kept: { what: string; why: 'changed_since' | 'too_late' | 'not_possible' }[];
  draft: Draft | null;
  conversation: Conversation | null;
}

export type ViewAudience = { kind: 'personal' } | { kind: 'team'; team_id: string } | { kind: 'everyone' };
export type ViewSort = 'newest' | 'oldest' | 'waiting';
/** A condition of a filter. Which operators and values fit a field, `GET /filter-fields` says. */
export type FilterCondition = { field: string; operator: string; value?: string | number | boolean | string[] };
/** Conditions joined by all, any and not. */
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | FilterCondition;

export interface View {
  id: string;
  version: number;
  name: string;
  folder: string | null;
  audience: ViewAudience;
  filter: Filter;
  sort: ViewSort;
  position: number;
  editable: boolean;
  created_at: Time;
  updated_at: Time;
}
export interface NewView {
  name: string;
  folder: string | null;
  audience: ViewAudience;
  filter: Filter;
  sort: ViewSort;
  position: number;
}
export interface ViewPatch {
  name?: string;
  folder?: string | null;
  audience?: ViewAudience;
  filter?: Filter;
  sort?: ViewSort;
  position?: number;
}
export interface ViewCounts {
  counts: Record<string, number>;
  most: number;
}
export interface FilterField {
  field: string;
  kind: 'choice' | 'address' | 'number' | 'time' | 'flag' | 'text';
  operators: string[];
}
export interface TypedFilter {
  filter: Filter;
}
