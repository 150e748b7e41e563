import type { Conversation, FieldValue, StreamItem, TimelineItem } from '@api';
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';
import {
  type ConversationPages,
  changeConversation,
  dropFromList,
  keys,
  putOwnMessage,
  putTimelineItem,
  renewMessage,
  settleMessage,
  type TimelinePages,
  takeConversation,
} from '../conversation/cache';
import { inView, isSaved } from '../conversation/views';
import { WORK_EVENTS } from '../work/events';

/** Events that stand in the thread as one quiet line. */
export const THREAD_EVENTS = ['conversation.assigned', 'conversation.status_changed', 'conversation.tagged', 'conversation.updated', ...WORK_EVENTS];

export interface Applied {
  /** Per view: conversations that are new there or moved to its top. */
  waiting: Map<string, Set<string>>;
  /** Messages by other people, to announce. */
  arrived: { conversation: string; from: string; note: boolean }[];
  countsChanged: boolean;
  /** Saved views on the screen that may have changed: what is in them, only the server knows. */
  savedViews: Set<string>;
  draftsChanged: Set<string>;
}

const PRIORITIES: readonly Conversation['priority'][] = ['low', 'normal', 'high', 'urgent'];

/** Whether a conversation that is not drawn has its place below what has been fetched so far: one comes to it by scrolling. */
function isFurtherDown(data: ConversationPages, sort: string, c: Conversation): boolean {
  const page = data.pages.at(-1);
  const last = page?.items.at(-1);
  if (!page?.next || !last) return false;
  const rank = (one: Conversation) => PRIORITIES.indexOf(one.priority);
  switch (sort) {
    case 'newest':
      return c.last_message_at <= last.last_message_at;
    case 'oldest':
      return c.last_message_at >= last.last_message_at;
    case 'created_newest':
      return c.created_at <= last.created_at;
    case 'created_oldest':
      return c.created_at >= last.created_at;
    case 'priority_highest':
      return rank(c) < rank(last) || (rank(c) === rank(last) && c.created_at <= last.created_at);
    case 'priority_lowest':
      return rank(c) > rank(last) || (rank(c) === rank(last) && c.created_at >= last.created_at);
    case 'due':
      return c.due_at === null || (last.due_at !== null && c.due_at >= last.due_at);
    case 'waiting_shortest':
      return c.waiting_since === null || (last.waiting_since !== null && c.waiting_since <= last.waiting_since);
    default:
      return c.waiting_since === null || (last.waiting_since !== null && c.waiting_since >= last.waiting_since);
  }
}

/** Reads once more what is being read right now. A first read cannot be begun anew: it is waited for. */
async function readAgain(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const query = client.getQueryCache().find({ queryKey, exact: true });
  if (query?.state.data === undefined) await query?.promise?.catch(() => undefined);
  await client.invalidateQueries({ queryKey, exact: true });
}

/** Brings a batch of events into what is cached. Rows keep their places; what belongs further up is returned in `waiting`. */
export function applyBatch(client: QueryClient, items: readonly StreamItem[], me: string): Applied {
  const applied: Applied = { waiting: new Map(), arrived: [], countsChanged: false, savedViews: new Set(), draftsChanged: new Set() };
  const refresh = new Set<string>();
  const overtaken = new Map<string, QueryKey>();
  // What is being read right now may have been read before this happened: it is read once more.
  const overtake = (query: Query | undefined) => {
    if (query?.state.fetchStatus === 'fetching' && !query.state.fetchMeta?.fetchMore) overtaken.set(query.queryHash, query.queryKey);
  };
  const queries = client.getQueryCache();
  for (const item of items) {
    const { conversation, message, event } = item;
    const byMe = event?.actor.kind === 'agent' && event.actor.id === me;
    if (conversation) {
      takeConversation(client, conversation);
      applied.countsChanged = true;
      overtake(queries.find({ queryKey: keys.one(conversation.id), exact: true }));
      for (const query of queries.findAll({ queryKey: keys.lists })) {
        const { queryKey: key, state } = query;
        const view = key[1] as string;
        const data = state.data as ConversationPages | undefined;
        if (inView(view, conversation, me)) overtake(query);
        if (data && isSaved(view)) applied.savedViews.add(view);
        if (!data || !inView(view, conversation, me)) continue;
        const known = data.pages.some((page) => page.items.some((c) => c.id === conversation.id));
        // A row at the top that gets news stays where it is.
        const first = data.pages[0]?.items[0]?.id === conversation.id;
        const moved = known && !first && item.kind === 'message.received';
        // Whether it is new in those views only the server knows.
        if (!known && !moved && isFurtherDown(data, key[2] as string, conversation)) continue;
        if (!known && (view === 'mentions' || view === 'following')) continue;
        if ((!known || moved) && !(byMe && known)) {
          const ids = applied.waiting.get(view) ?? new Set<string>();
          applied.waiting.set(view, ids.add(conversation.id));
        }
      }
      if (conversation.beside) refresh.add('sides');
      if (conversation.customer) refresh.add(`customer-conversations:${conversation.customer.id}`);
      if (conversation.customer?.company) refresh.add(`company-conversations:${conversation.customer.company.id}`);
    }
    if (message) {
      overtake(queries.find({ queryKey: keys.timeline(message.conversation_id), exact: true }));
      client.setQueryData<TimelinePages>(keys.timeline(message.conversation_id), (data) =>
        item.kind === 'message.delivery_changed' || item.kind === 'message.edited' || item.kind === 'message.redacted'
          ? renewMessage(data, message)
          : byMe
            ? putOwnMessage(data, message)
            : putTimelineItem(data, { type: 'message', message }),
      );
      if (message.attachments?.length > 0) refresh.add(`conversation-files:${message.conversation_id}`);
      if (item.kind === 'message.received') changeConversation(client, message.conversation_id, (c) => ({ ...c, unread: true }));
      if (!byMe && (item.kind === 'message.received' || item.kind === 'message.noted' || item.kind === 'message.replied'))
        applied.arrived.push({ conversation: message.conversation_id, from: message.author.name, note: message.kind === 'note' });
    }
    if (event?.conversation_id && THREAD_EVENTS.includes(item.kind)) {
      const line: TimelineItem = { type: 'event', event };
      client.setQueryData<TimelinePages>(keys.timeline(event.conversation_id), (data) => putTimelineItem(data, line));
    }
    switch (item.kind) {
      case 'message.delivery_changed': {
        // Taken back: it is gone for everybody.
        const gone = event?.data.state === 'cancelled' ? event.data.message : null;
        if (event?.conversation_id && typeof gone === 'string')
          client.setQueryData<TimelinePages>(keys.timeline(event.conversation_id), (data) => settleMessage(data, gone, null));
        break;
      }
      case 'conversation.read':
        if (event?.conversation_id) changeConversation(client, event.conversation_id, (c) => ({ ...c, unread: event.data.read === false }));
        break;
      case 'conversation.linked':
      case 'conversation.unlinked':
        if (!event?.conversation_id) break;
        refresh.add(`conversation:${event.conversation_id}`);
        refresh.add(`cases:${event.conversation_id}`);
        break;
      case 'message.redacted':
        refresh.add('search');
        refresh.add('versions');
        break;
      case 'conversation.side':
        refresh.add('sides');
        break;
      case 'conversation.purged': {
        const gone = event?.data.gone;
        if (typeof gone === 'string') for (const [key] of client.getQueriesData({ queryKey: keys.lists })) dropFromList(client, key[1] as string, gone);
        if (typeof gone === 'string') refresh.add(`conversation:${gone}`);
        applied.countsChanged = true;
        break;
      }
      case 'conversation.merged':
      case 'conversation.unmerged':
      case 'conversation.split':
        // Messages moved between the two.
        for (const id of [event?.data.from, event?.data.into]) {
          if (typeof id !== 'string') continue;
          refresh.add(`timeline:${id}`);
          refresh.add(`conversation:${id}`);
        }
        break;
      case 'chat.updated':
      case 'chat.callback_requested':
      case 'chat.called':
      case 'conversation.invited':
        // Where an answer goes: into the widget, or by mail, and to which address.
        if (event?.conversation_id) refresh.add(`conversation:${event.conversation_id}`);
        break;
      case 'conversation.followed':
        applied.countsChanged = true;
        if (event?.conversation_id) refresh.add(`conversation:${event.conversation_id}`);
        break;
      case 'notification.changed':
        refresh.add('notifications');
        if (event?.data.about === 'mention') {
          refresh.add('conversations:mentions');
          applied.countsChanged = true;
        }
        break;
      case 'sender.blocked':
        refresh.add('blocked-senders');
        break;
      case 'workspace.updated':
        refresh.add('me');
        break;
      case 'draft.changed':
        if (event?.conversation_id) applied.draftsChanged.add(event.conversation_id);
        break;
      case 'agent.updated':
        refresh.add('agents');
        refresh.add('availability');
        refresh.add('me');
        break;
      case 'team.updated':
        refresh.add('teams');
        break;
      case 'inbox.updated':
        refresh.add('inboxes');
        refresh.add('status');
        break;
      case 'saved_reply.updated':
        refresh.add('saved-replies');
        break;
      case 'macro.updated':
        refresh.add('macros');
        break;
      case 'folder.updated':
        refresh.add('folders');
        break;
      case 'bulk.updated':
        refresh.add('bulk');
        break;
      case 'view.updated':
        refresh.add('views');
        refresh.add('view-counts');
        break;
      case 'conversation.fields_changed':
        if (event?.conversation_id) {
          refresh.add(`conversation:${event.conversation_id}`);
          const changes = (event.data.changes ?? []) as { key: string; to: FieldValue }[];
          changeConversation(client, event.conversation_id, (c) =>
            c.field_values ? { ...c, field_values: { ...c.field_values, ...Object.fromEntries(changes.map(({ key, to }) => [key, to])) } } : c,
          );
        }
        break;
      case 'custom_status.updated':
        // Its name and colour stand in rows.
        for (const key of ['custom-statuses', 'conversations', 'conversation']) refresh.add(key);
        break;
      case 'reminder.changed':
      case 'reminder.came':
        refresh.add('reminders');
        break;
      case 'field.updated':
        refresh.add('fields');
        refresh.add('filter-fields');
        break;
      case 'tag.updated':
        // Its word and colour stand in rows, in filters and in macros.
        for (const key of ['tags', 'conversations', 'conversation', 'views', 'macros']) refresh.add(key);
        break;
      case 'offer.changed':
        refresh.add('offers');
        refresh.add('notifications');
        break;
      case 'availability.changed':
        refresh.add('availability');
        break;
      case 'queue.updated':
        refresh.add('queues');
        refresh.add('availability');
        break;
      case 'skill.updated':
        refresh.add('skills');
        refresh.add('queues');
        break;
      case 'mail.quarantined':
        refresh.add('status');
        break;
      case 'customer.updated':
        for (const key of ['customer', 'company-customers', 'company']) refresh.add(key);
        break;
      case 'company.updated':
        // Its name stands on cards, in rows and in filters.
        for (const key of [
          'company',
          'companies',
          'company-customers',
          'company-conversations',
          'candidates',
          'customer',
          'conversations',
          'conversation',
          'views',
        ])
          refresh.add(key);
        break;
    }
  }
  // The board is read at most every two seconds; it looks again by itself.
  const board = queries.find({ queryKey: ['live-board'], exact: true });
  if (board && Date.now() - board.state.dataUpdatedAt > 2000) refresh.add('live-board');
  for (const queryKey of overtaken.values()) void readAgain(client, queryKey);
  for (const key of refresh) void client.invalidateQueries({ queryKey: key.split(':') });
  return applied;
}
