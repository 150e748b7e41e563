import type { Time } from './common';

/** A reminder of the reader's own that is still to come. */
export interface Reminder {
  id: string;
  at: Time;
  words: string;
  unless_answered: boolean;
  created_at: Time;
}

export interface NewReminder {
  at: Time;
  words: string;
  unless_answered: boolean;
}
