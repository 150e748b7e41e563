import type { Actor, Time } from './common';

export interface Notification {
  id: string;
  kind:
    | 'assigned'
    | 'mention'
    | 'customer_message'
    | 'colleague'
    | 'snooze_ended'
    | 'due'
    | 'reminder'
    | 'new_unassigned'
    | 'offered'
    | 'invited'
    | 'whispered'
    | 'taken_over';
  conversation: { id: string; number: number; subject: string; customer_name: string };
  message_id: string | null;
  actor: Actor;
  /** One's own words of a reminder, or the first ones of the note that came with an assignment. */
  words: string | null;
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
  due: Ways;
  reminder: Ways;
  new_unassigned: Ways;
  quiet_hours: QuietHours;
  sound: NotificationSound;
}

export interface NotificationSound {
  name: 'none' | 'drop' | 'chime' | 'knock' | 'glass';
  volume: number;
}

export interface PushKey {
  public_key: string;
}

export interface PushDevice {
  id: string;
  user_agent: string;
  current: boolean;
  created_at: Time;
  pushed_at: Time | null;
}

export interface PushDeviceForm {
  endpoint: string;
  p256dh: string;
  auth: string;
}
