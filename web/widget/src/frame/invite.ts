// Which invitation is due, and whether any may be shown. No clock, no storage: the same facts give the same answer.
import type { Condition, Invitations, Rule } from './types';

/** What the conditions look at. */
export interface Facts {
  url: string;
  /** Seconds that the visitor has looked at this page, and at the site in this visit. */
  onPage: number;
  onSite: number;
  /** What the site has said of the visitor. */
  attributes: Record<string, unknown>;
  returning: boolean;
  language: string;
  online: boolean;
}

/** What was shown before. In memory alone where nothing may be kept. */
export interface Past {
  /** When each was shown, in ms. */
  shown: Record<string, number>;
  /** When one was closed. */
  dismissed: number;
  /** How many were shown in this visit. */
  inVisit: number;
}

const DAY = 86_400_000;

const compare = (op: Condition['op'], given: unknown, wanted: string): boolean => {
  if (op === 'is') return given !== undefined && given !== null && given !== false && given !== '';
  if (given === undefined || given === null) return false;
  if (op === 'equals') return String(given) === wanted;
  const [left, right] = [typeof given === 'boolean' || given === '' ? Number.NaN : Number(given), Number(wanted)];
  return op === 'at_least' ? left >= right : op === 'at_most' ? left <= right : false;
};

export function isTrue({ kind, op, name, value }: Condition, facts: Facts): boolean {
  const wanted = value ?? '';
  switch (kind) {
    case 'url':
      return op === 'equals' ? facts.url === wanted : op === 'starts' ? facts.url.startsWith(wanted) : facts.url.includes(wanted);
    case 'page_seconds':
      return facts.onPage >= Number(wanted);
    case 'site_seconds':
      return facts.onSite >= Number(wanted);
    case 'attribute':
      return compare(op, name && Object.hasOwn(facts.attributes, name) ? facts.attributes[name] : undefined, wanted);
    case 'returning':
      return facts.returning;
    case 'language':
      return facts.language.split('-')[0] === wanted.split('-')[0];
    case 'online':
      return facts.online;
    default:
      // A condition that this frame does not know is not true: better silent than wrong.
      return false;
  }
}

/** The first rule that fits, where one may be shown at all. */
export function due(plan: Invitations, facts: Facts, past: Past, now: number): Rule | undefined {
  if (past.inVisit >= plan.per_visit || now - past.dismissed < plan.dismissed_days * DAY) return undefined;
  return plan.rules.find((rule) => now - (past.shown[rule.id] ?? 0) >= plan.days * DAY && rule.when.every((one) => isTrue(one, facts)));
}
