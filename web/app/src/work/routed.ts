import type { TFunction } from 'i18next';
import type { RoutedWhy } from './events';

/** Reasons that stand for themselves; the others follow from the values. */
const CODES = ['longest_idle', 'round_robin', 'newcomer_rota', 'representative', 'pulled', 'accepted'];
const BACK = ['overflow', 'agent_gone', 'agent_silent', 'shift_over', 'handed_over'];

/** Why a queue gave a conversation to somebody or took it back, in one line: "knows Korean, has 2 of 4 chats, last helped this customer". */
export function routedWhy(t: TFunction, { code, values }: RoutedWhy): string {
  const parts: string[] = [];
  const say = (key: string) => parts.push(t(`work.why.${key}`, { ...values, skills: Array.isArray(values.skills) ? values.skills.join(', ') : '' }));
  if (BACK.includes(code)) say(code);
  if (CODES.includes(code)) say(code);
  if (Array.isArray(values.skills)) say('skills');
  if (typeof values.load === 'number') say(values.medium === 'chat' ? 'chats' : 'mails');
  if (values.helped_before === true) say('helped_before');
  return parts.join(', ');
}
