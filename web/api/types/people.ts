import type { Language, Role, Time } from './common';

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
  /** Where the event stream begins for what is read from now on. */
  cursor: string;
}

export interface Team {
  id: string;
  name: string;
  member_ids: string[];
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
