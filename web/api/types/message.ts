import type { Event, Language, Mailbox, Status, Time } from './common';

export interface Attachment {
  id: string;
  filename: string;
  content_type: string;
  size: number;
  inline: boolean;
  content_id: string | null;
  previewable: boolean;
}

export interface ConversationFile {
  message_id: string | null;
  at: Time;
  file: Attachment;
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
  /** When its author mended it; how it read before is at `/messages/{id}/versions`. */
  edited_at: Time | null;
  /** When words or files were taken out of it for good. */
  redacted_at: Time | null;
  /** Whom a supervisor whispered a note to. */
  whispered_to: { id: string; name: string } | null;
  /** What it offers in the widget; the HTML tells it in words. */
  interactive: Interactive | null;
  /** The message whose offer the customer answered with it. */
  answers: string | null;
}

/** What a message in a chat offers besides its words. */
export type Interactive =
  | { kind: 'quick_replies'; choices: string[] }
  | { kind: 'cards'; cards: InteractiveCard[] }
  | { kind: 'form'; questions: InteractiveQuestion[] };

export interface InteractiveCard {
  title: string;
  text: string | null;
  /** One of the message's files. */
  picture: string | null;
  links: InteractiveLink[];
}

export interface InteractiveLink {
  label: string;
  url: string;
}

export interface InteractiveQuestion {
  label: string;
  kind: 'text' | 'email' | 'long_text' | 'choice' | 'consent';
  required: boolean;
  choices: string[];
}

export interface NoteEdit {
  html?: string;
  text?: string;
}

export interface NoteVersion {
  html: string | null;
  text: string;
  written_at: Time;
}

export interface RedactionForm {
  words?: string[];
  attachment_ids?: string[];
}

export interface Redacted {
  message: Message;
  messages: number;
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
  /** Only in a chat. */
  interactive?: Interactive;
}

export interface NoteForm {
  html: string;
  text?: string;
  attachment_ids: string[];
}

export interface NewUpload {
  filename: string;
  content_type: string;
  size: number;
}

export interface Upload {
  id: string;
  filename: string;
  size: number;
  offset: number;
  expires_at: Time;
  attachment: Attachment | null;
}

export interface NewTranscript {
  to: string[];
  notes: boolean;
  language: Language | null;
}
