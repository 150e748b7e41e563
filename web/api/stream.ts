import { apiUrl } from './client';
import type { Conversation, Event, Message } from './types';

/** One thing that happened, with the resources it touched. */
export interface StreamItem {
  kind: string;
  event: Event | null;
  conversation: Conversation | null;
  message: Message | null;
  data: Record<string, unknown>;
}

export interface StreamHandlers {
  /** Everything that arrived since the last animation frame, in order. */
  onBatch: (items: StreamItem[]) => void;
  /** The place in the log is lost: read everything again. */
  onReload: () => void;
  onSignedOut: () => void;
  onState: (state: 'connecting' | 'live' | 'offline') => void;
}

export const EVENT_KINDS = [
  'conversation.created',
  'conversation.updated',
  'conversation.assigned',
  'conversation.status_changed',
  'conversation.tagged',
  'conversation.read',
  'conversation.shelved',
  'conversation.restored',
  'conversation.purged',
  'sender.blocked',
  'conversation.merged',
  'conversation.unmerged',
  'conversation.split',
  'conversation.followed',
  'conversation.fields_changed',
  'field.updated',
  'notification.changed',
  'message.received',
  'message.replied',
  'message.noted',
  'message.delivery_changed',
  'customer.updated',
  'draft.changed',
  'inbox.updated',
  'agent.updated',
  'team.updated',
  'tag.updated',
  'view.updated',
  'saved_reply.updated',
  'macro.updated',
  'folder.updated',
  'bulk.updated',
  'mail.quarantined',
  'counts.changed',
  'presence',
  'workspace.updated',
] as const;

/** Seconds to wait before try number `attempt` (from 0): doubles up to 30, spread so that a restart is not a stampede. */
export const backOff = (attempt: number, chance: number): number => Math.min(30, 0.5 * 2 ** attempt) * (0.6 + 0.4 * chance);

/**
 * Follows the event stream from where it stopped, for ever, until the returned function is called.
 * We reconnect ourselves: the browser would forget the cursor of `hello`, and what happened meanwhile with it.
 */
export function openStream(handlers: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let cursor: string | null = null;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let queue: StreamItem[] = [];
  let scheduled = false;
  let closed = false;
  let greeted = false;

  const flush = () => {
    scheduled = false;
    const items = queue;
    queue = [];
    if (items.length > 0 && !closed) handlers.onBatch(items);
  };
  const push = (item: StreamItem) => {
    queue.push(item);
    if (scheduled) return;
    scheduled = true;
    // A hidden page gets no animation frames; its counts and title must still move.
    if (document.hidden) setTimeout(flush, 50);
    else requestAnimationFrame(flush);
  };
  const read = (message: MessageEvent<string>) => {
    if (message.lastEventId) cursor = message.lastEventId;
    let body: Record<string, unknown> = {};
    try {
      body = JSON.parse(message.data || '{}') as Record<string, unknown>;
    } catch {
      return;
    }
    push({
      kind: message.type,
      event: (body.event as Event | undefined) ?? null,
      conversation: (body.conversation as Conversation | undefined) ?? null,
      message: (body.message as Message | undefined) ?? null,
      data: body,
    });
  };
  // Also when the device says that its network is gone: a dead connection can look open for minutes.
  const lost = () => {
    if (closed) return;
    source?.close();
    handlers.onState('offline');
    clearTimeout(timer);
    timer = setTimeout(connect, backOff(attempt, Math.random()) * 1000);
    attempt += 1;
  };
  const connect = () => {
    if (closed) return;
    handlers.onState('connecting');
    source = new EventSource(apiUrl('/stream', { after: cursor }));
    source.onopen = () => {
      attempt = 0;
      handlers.onState('live');
    };
    source.onerror = lost;
    source.addEventListener('hello', (message) => {
      const body = JSON.parse((message as MessageEvent<string>).data || '{}') as { cursor?: string };
      cursor = body.cursor ?? cursor;
      // Greeted again without a place in the log: what happened in between is unknown.
      if (greeted) handlers.onReload();
      greeted = true;
    });
    source.addEventListener('reload', (message) => {
      cursor = (message as MessageEvent<string>).lastEventId || null;
      handlers.onReload();
    });
    source.addEventListener('signed_out', () => {
      close();
      handlers.onSignedOut();
    });
    for (const kind of EVENT_KINDS) source.addEventListener(kind, read as EventListener);
  };
  const close = () => {
    closed = true;
    clearTimeout(timer);
    source?.close();
  };
  const retryNow = () => {
    if (closed || source?.readyState === EventSource.OPEN) return;
    clearTimeout(timer);
    source?.close();
    connect();
  };
  addEventListener('online', retryNow);
  addEventListener('offline', lost);
  connect();
  return () => {
    removeEventListener('online', retryNow);
    removeEventListener('offline', lost);
    close();
  };
}
