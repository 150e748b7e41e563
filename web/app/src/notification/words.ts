import type { Notification } from '@api';
import type { TFunction } from 'i18next';

export const KINDS = ['assigned', 'mention', 'customer_message', 'colleague', 'snooze_ended', 'due', 'reminder', 'new_unassigned'] as const;
/** Those that can be told, with what has no wishes of its own. */
export const TOLD = [...KINDS, 'offered', 'invited', 'whispered', 'taken_over'] as const;

/** One sentence about what happened. */
export const notificationText = (t: TFunction, kind: Notification['kind'], who: string): string => t(`work.notified.${kind}`, { who });
