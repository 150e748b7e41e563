// What the server says, as the API document has it under the tag `widget`.

export interface Person {
  name: string;
  initials: string;
}
export interface Wait {
  ahead: number;
  expected_seconds: number | null;
  reason: string | null;
}
export interface TeamNow {
  open: boolean;
  opens_at: string | null;
  people: Person[];
  wait: Wait | null;
}
export interface FormField {
  key: string;
  label: string;
  kind: 'text' | 'email' | 'long_text' | 'choice' | 'consent';
  required: boolean;
  choices: string[];
}
export interface Settings {
  name: string;
  inbox_name: string;
  enabled: boolean;
  locale: string;
  locales: string[];
  theme: { colour: string; position: 'right' | 'left' };
  greeting: string;
  away_text: string;
  /** Null where nobody can say who is there. */
  team: TeamNow | null;
  pre_chat: { when: 'never' | 'always' | 'away'; fields: FormField[] };
  files: { enabled: boolean; max_bytes: number };
  consent: { page: boolean };
  /** Agents see what is being written before it is sent. */
  typing_preview: boolean;
  /** Whoever waits may ask to be called. */
  callback: boolean;
  identity: { required: boolean };
  /** Agents see who is on the site. */
  live: boolean;
  invitations: Invitations | null;
}
export interface Condition {
  kind: string;
  op: 'contains' | 'equals' | 'starts' | 'at_least' | 'at_most' | 'is' | null;
  name: string | null;
  value: string | null;
}
export interface Rule {
  id: string;
  text: string;
  from: 'team' | 'agent';
  when: Condition[];
}
export interface Invitations {
  rules: Rule[];
  days: number;
  per_visit: number;
  dismissed_days: number;
}
/** Words that we say first. */
export interface FirstWords {
  text: string;
  /** The agent's; null for all of us. */
  name: string | null;
  initials: string | null;
  /** By which rule; `agent` when somebody wrote it by hand. */
  rule: string;
}
export interface Visitor {
  id: string;
  name: string | null;
  email: string | null;
  identified: boolean;
}
export interface Conversation {
  id: string;
  subject: string;
  state: 'waiting' | 'active' | 'on_hold' | 'ended';
  agent: Person | null;
  preview: string;
  unread: number;
  created_at: string;
  last_at: string;
  hold: { until: string | null; text: string | null } | null;
  wait: Wait | null;
  rating: { score: number } | null;
  agent_read: string | null;
  mail: string | null;
  /** What was said first. */
  invitation: Omit<FirstWords, 'rule'> | null;
  /** They asked to be called, and nobody has yet. */
  callback: { phone: string; wanted_at: string | null } | null;
}
export interface FileRef {
  id: string;
  name: string;
  content_type: string;
  size: number;
  inline: boolean;
}
export interface InteractiveCard {
  title: string;
  text: string | null;
  picture: string | null;
  links: { label: string; url: string }[];
}
export type Interactive =
  | { kind: 'quick_replies'; choices: string[] }
  | { kind: 'cards'; cards: InteractiveCard[] }
  | { kind: 'form'; questions: Omit<FormField, 'key'>[] };
/** What was pressed or filled in. */
export type Pick = { choice: string } | { form: Record<string, string> };
export interface Message {
  id: string;
  client_key: string | null;
  from: 'customer' | 'agent' | 'system';
  name: string | null;
  initials: string | null;
  text: string;
  html: string | null;
  at: string;
  files: FileRef[];
  interactive: Interactive | null;
  /** The message whose offer it answers. */
  answers: string | null;
}
export interface Session {
  token: string | null;
  visitor: Visitor;
  cursor: string;
  conversations: Conversation[];
}
