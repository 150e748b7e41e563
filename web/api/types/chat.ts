import type { AgentRef, Time } from './common';
import type { Conversation } from './conversation';

/** A page of the customer's site. */
export interface ChatPage {
  url: string;
  title: string;
  referrer: string;
}

/** The customer's browser. */
export interface ChatVisitor {
  id: string;
  online: boolean;
  /** Null where the customer did not agree that we know. */
  page: ChatPage | null;
  locale: string;
  /** The site has proven who it is. */
  identified: boolean;
}

/** An agent asked for patience. */
export interface ChatHold {
  until: Time;
  text: string;
}

export interface ChatRating {
  score: number;
  comment: string | null;
  at: Time;
}

/** What a conversation in the widget has besides. */
export interface ConversationChat {
  state: 'waiting' | 'active' | 'on_hold' | 'ended';
  visitor: ChatVisitor;
  /** The newest message that the customer has seen. */
  customer_read: string | null;
  agent_read: string | null;
  hold: ChatHold | null;
  /** Where words go by mail that nobody saw; said by the customer, not proven. */
  mail: string | null;
  /** Answers go by mail at once. */
  by_mail: boolean;
  rating: ChatRating | null;
  /** Answers to what was asked before the first message. */
  form: Record<string, string>;
  page: ChatPage | null;
}

export interface HoldForm {
  until: Time;
  text?: string;
}

/** A text by language tag. */
export type Texts = Record<string, string>;

export interface WidgetTheme {
  colour: string;
  position: 'right' | 'left';
}

export interface WidgetFieldSetting {
  key: string;
  label: Texts;
  kind: 'text' | 'email' | 'long_text' | 'choice' | 'consent';
  required: boolean;
  choices: string[];
}

export interface WidgetPreChatSetting {
  when: 'never' | 'always' | 'away';
  fields: WidgetFieldSetting[];
}

export interface WidgetFilesSetting {
  enabled: boolean;
  max_bytes: number;
}

/** How a widget looks and what it does. */
export interface WidgetSettings {
  enabled: boolean;
  name: string | null;
  theme: WidgetTheme;
  greeting: Texts;
  away_text: Texts;
  /** Sites that may show it; none: any site. */
  origins: string[];
  pre_chat: WidgetPreChatSetting;
  files: WidgetFilesSetting;
  page: boolean;
  typing_preview: boolean;
  identity_required: boolean;
  full_names: boolean;
  /** Seconds. */
  mail_after: number;
  /** An agent's first words, as a template. */
  agent_greeting: Texts;
  greets_itself: boolean;
  callback: boolean;
  /** Agents see who is on the site. */
  live: boolean;
  invitations: WidgetInvitationSettings;
}

/** What must be true of a visitor. */
export interface WidgetCondition {
  kind: 'url' | 'page_seconds' | 'site_seconds' | 'attribute' | 'returning' | 'language' | 'online';
  op: 'contains' | 'equals' | 'starts' | 'at_least' | 'at_most' | 'is' | null;
  name: string | null;
  value: string | null;
}

export interface WidgetRule {
  id: string;
  name: string;
  enabled: boolean;
  when: WidgetCondition[];
  words: Texts;
  from: 'team' | 'agent';
}

export interface WidgetInvitationSettings {
  enabled: boolean;
  rules: WidgetRule[];
  days: number;
  per_visit: number;
  dismissed_days: number;
}

/** The widget of an inbox. */
export interface Widget {
  inbox_id: string;
  /** What the site's page names it by; null until it is saved the first time. */
  key: string | null;
  version: number;
  settings: WidgetSettings;
  has_secret: boolean;
  updated_at: Time | null;
}

export interface WidgetSecret {
  secret: string;
}

/** A colleague in a chat, or on the way there. */
export interface Guest {
  agent: AgentRef;
  invited_by: AgentRef;
  note_id: string | null;
  at: Time;
  joined_at: Time | null;
}

export interface GuestForm {
  agent_id: string;
  note: { text: string } | null;
}

/** The customer of a chat wants to be called, or was. */
export interface ChatCallback {
  phone: string;
  wanted_at: Time | null;
  at: Time;
  called_at: Time | null;
}

/** A chat on the live board. */
export interface AgentChat {
  conversation: Conversation;
  queue_name: string | null;
}
