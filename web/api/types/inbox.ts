import type { InboxRef, Time } from './common';

export type ConnectionState = 'ok' | 'failing' | 'off' | 'waiting';

export interface ConnectionHealth {
  state: ConnectionState;
  detail: string | null;
  fault: Fault | null;
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
  reason: string | null;
  conversation_id: string | null;
  message_id: string | null;
}
