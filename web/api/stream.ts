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
  /** Where to begin; without it, from now on. */
  after?: string;
  /** How far what `onBatch` was given reaches. */
  onPlace?: (cursor: string) => void;
  /** Everything that arrived since the last time, in order: at once after a quiet moment, else four times a second. */
  onBatch: (items: StreamItem[]) => void;
  /** The place in the log is lost: read everything again. */
  onReload: () => void;
  onSignedOut: () => void;
  onState: (state: 'connecting' | 'live' | 'offline') => void;
}

/** Between two batches while much happens, in ms: the screen is drawn anew for each. */
const PAUSE = 250;

/** Seconds to wait before try number `attempt` (from 0): doubles up to 30, spread so that a restart is not a stampede. */
export const backOff = (attempt: number, chance: number): number => Math.min(30, 0.5 * 2 ** attempt) * (0.6 + 0.4 * chance);

/**
 * Follows the event stream from where it stopped, for ever, until the returned function is called.
 * We reconnect ourselves: the browser would forget the cursor of `hello`, and what happened meanwhile with it.
 */
export function openStream(handlers: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let cursor = handlers.after ?? null;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let queue: StreamItem[] = [];
  let scheduled = false;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  let greeted = false;

  const flush = () => {
    scheduled = false;
    flushedAt = performance.now();
    const items = queue;
    queue = [];
    if (items.length === 0 || closed) return;
    handlers.onBatch(items);
    if (cursor) handlers.onPlace?.(cursor);
  };
  const push = (item: StreamItem) => {
    queue.push(item);
    if (scheduled) return;
    scheduled = true;
    const pause = flushedAt + PAUSE - performance.now();
    if (pause > 0) setTimeout(flush, pause);
    // A hidden page gets no animation frames; its counts and title must still move.
    else if (document.hidden) setTimeout(flush, 50);
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
    const event = (body.event as Event | undefined) ?? null;
    push({
      kind: event?.kind ?? message.type,
      event,
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
      cursor = (message as MessageEvent<string>).lastEventId;
      handlers.onReload();
    });
    source.addEventListener('signed_out', () => {
      close();
      handlers.onSignedOut();
    });
    source.onmessage = read;
    // Signs of life: told once, stored nowhere.
    for (const sign of ['presence', 'visitor_typing', 'visitor_online', 'visitors']) source.addEventListener(sign, read as EventListener);
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
