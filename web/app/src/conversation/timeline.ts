import type { Message, Page, TimelineItem } from '@api';

/** From pages that run from new to old to one list that runs from old to new, without repeats. */
export function ordered(pages: readonly Page<TimelineItem>[]): TimelineItem[] {
  const seen = new Set<string>();
  const items: TimelineItem[] = [];
  for (const page of pages)
    for (const item of page.items) {
      const id = item.type === 'message' ? item.message.id : item.event.id;
      if (seen.has(id)) continue;
      seen.add(id);
      // Taken back before it left: to the reader it was never said.
      if (item.type === 'message' && item.message.delivery?.state === 'cancelled') continue;
      items.push(item);
    }
  // What a queue gave to somebody says so itself, and why.
  const routed = new Set(
    items.map((item) =>
      item.type === 'event' && (item.event.kind === 'conversation.routed' || item.event.kind === 'conversation.taken_over') ? item.event.at : '',
    ),
  );
  const said = (item: TimelineItem) => item.type === 'event' && item.event.kind === 'conversation.assigned' && routed.has(item.event.at);
  return placed(items.filter((item) => !said(item)).reverse());
}

/** What waits for its time stands last; what was scheduled and has left stands where it left, although it was written earlier. */
function placed(items: TimelineItem[]): TimelineItem[] {
  const at = (item: TimelineItem | undefined): string => (item?.type === 'message' ? item.message.created_at : (item?.event.at ?? '')) ?? '';
  const waits = (item: TimelineItem) => item.type === 'message' && item.message.delivery?.state === 'scheduled';
  const list = items.filter((item) => !waits(item));
  for (let from = list.length - 2; from >= 0; from--) {
    const item = list[from];
    if (item?.type !== 'message' || item.message.kind !== 'reply') continue;
    const behind = list.findLastIndex((other, n) => n > from && at(other) < at(item));
    if (behind > from) list.splice(behind, 0, ...list.splice(from, 1));
  }
  return [...list, ...items.filter(waits)];
}

/** The first thing a reader of an unread conversation has not seen: what the customer wrote since the team's last word. */
export function firstUnread(items: readonly TimelineItem[]): string | null {
  const lastReply = items.findLastIndex((item) => item.type === 'message' && item.message.kind === 'reply');
  if (lastReply === -1) return null;
  const first = items.slice(lastReply + 1).find((item) => item.type === 'message' && item.message.kind === 'customer');
  return first?.type === 'message' ? first.message.id : null;
}

/** The messages of the outbox after everything else, unless they are there already. */
export function withWaiting(items: TimelineItem[], waiting: readonly Message[]): TimelineItem[] {
  const shown = new Set(items.map((item) => (item.type === 'message' ? item.message.id : '')));
  const more = waiting.filter((message) => !shown.has(message.id));
  return more.length === 0 ? items : [...items, ...more.map((message): TimelineItem => ({ type: 'message', message }))];
}
