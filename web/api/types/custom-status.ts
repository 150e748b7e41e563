import type { StatusKind, TagColor, Time } from './common';

/** The status of the workspace's own that a conversation has. */
export interface CustomStatusRef {
  id: string;
  name: string;
  color: TagColor;
}

/** A status of the workspace's own, inside one that Sonnim knows. */
export interface CustomStatus {
  id: string;
  version: number;
  name: string;
  category: StatusKind;
  color: TagColor;
  is_default: boolean;
  position: number;
  archived_at: Time | null;
  created_at: Time;
  updated_at: Time;
}

export interface NewCustomStatus {
  name: string;
  category: StatusKind;
  color: TagColor;
  is_default: boolean;
}

export interface CustomStatusPatch {
  name?: string;
  color?: TagColor;
  is_default?: boolean;
  archived?: boolean;
}

export interface CustomStatusOrder {
  custom_status_ids: string[];
}
