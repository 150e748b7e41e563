import type { Mailbox, Priority, Status, Tag, Time } from './common';
import type { Conversation } from './conversation';
import type { FieldValue, Translated } from './field';
import type { Attachment, Draft } from './message';

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
  | { kind: 'snoozed'; until: Time | null }
  | { kind: 'custom'; custom_status_id: string };

export type DueTo = { kind: 'at'; at: Time } | { kind: 'after'; minutes: number } | { kind: 'never' };

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
  | { kind: 'send_reply'; html?: string; saved_reply_id?: string }
  | { kind: 'set_due'; due: DueTo }
  | { kind: 'set_field'; field_id: string; value: FieldValue }
  | { kind: 'shelve'; shelf: 'trash' | 'spam' }
  | { kind: 'restore' };

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
  | { kind: 'status'; from: Status; to: Status; from_custom: NamedRef | null; to_custom: NamedRef | null }
  | { kind: 'due'; from: Time | null; to: Time | null }
  | { kind: 'priority'; from: Priority; to: Priority }
  | { kind: 'tags_added' | 'tags_removed'; tags: Tag[] }
  | { kind: 'note' | 'insert_reply'; words: Words }
  | { kind: 'send_reply'; words: Words; to: Mailbox[]; cc: Mailbox[] }
  | { kind: 'field'; key: string; label: Translated; from: FieldValue; to: FieldValue }
  | { kind: 'shelf'; from: 'trash' | 'spam' | null; to: 'trash' | 'spam' | null };

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
