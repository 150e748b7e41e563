import { ask, Refusal } from './api';
import { backOff, reader } from './sse';

/** A line without a sign of life for so long is dead, in ms. The server sends one every 15 s. */
const SILENCE = 40_000;

export interface Handlers {
  after: () => string | null;
  /** The visitor agreed that agents see that they are here. */
  live: () => boolean;
  onFrame: (event: string, data: Record<string, unknown>, id: string | null) => void;
  onLine: (live: boolean) => void;
  /** The token is no longer good. */
  onExpired: () => void;
}

export interface Following {
  stop: () => void;
  /** Tries now, not later. */
  wake: () => void;
  /** Lets go until it is woken. */
  rest: () => void;
}

/** Follows the stream for ever, until it is told to stop. */
export function follow({ after, live: isLive, onFrame, onLine, onExpired }: Handlers): Following {
  let attempt = 0;
  let stopped = false;
  let live = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let line: AbortController | null = null;

  const again = (seconds: number) => {
    live = false;
    if (stopped) return;
    onLine(false);
    clearTimeout(timer);
    timer = setTimeout(run, seconds * 1000);
  };
  const run = async () => {
    clearTimeout(timer);
    line?.abort();
    const mine = new AbortController();
    line = mine;
    let silence = setTimeout(() => mine.abort(), SILENCE);
    try {
      const cursor = after();
      const query = new URLSearchParams({ ...(cursor ? { after: cursor } : {}), ...(isLive() ? { live: 'true' } : {}) });
      const response = await ask('GET', `/stream?${query}`, { signal: mine.signal });
      const bytes = response.body?.getReader();
      if (!bytes) throw new Refusal('offline', 0);
      live = true;
      onLine(true);
      const text = new TextDecoder();
      const read = reader(({ event, data, id }) => {
        attempt = 0;
        if (event === 'expired') throw new Refusal('expired', 401);
        let body: Record<string, unknown> = {};
        try {
          body = JSON.parse(data || '{}') as Record<string, unknown>;
        } catch {
          return;
        }
        onFrame(event, body, id);
      });
      for (;;) {
        const { done, value } = await bytes.read();
        if (done || stopped) break;
        clearTimeout(silence);
        silence = setTimeout(() => mine.abort(), SILENCE);
        read(text.decode(value, { stream: true }));
      }
      if (mine === line) again(backOff(attempt++, Math.random()));
    } catch (error) {
      if (stopped || mine !== line) return;
      if (error instanceof Refusal && (error.status === 401 || error.status === 404)) {
        stopped = true;
        onLine(false);
        return onExpired();
      }
      again(Math.max(error instanceof Refusal ? error.after : 0, backOff(attempt++, Math.random())));
    } finally {
      clearTimeout(silence);
      mine.abort();
    }
  };
  const wake = () => {
    if (stopped || live) return;
    attempt = 0;
    void run();
  };
  const lost = () => {
    line?.abort();
    line = null;
    again(backOff(attempt++, Math.random()));
  };
  const seen = () => document.visibilityState === 'visible' && wake();
  addEventListener('online', wake);
  addEventListener('offline', lost);
  document.addEventListener('visibilitychange', seen);
  void run();
  return {
    wake,
    rest() {
      clearTimeout(timer);
      line?.abort();
      line = null;
      live = false;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      line?.abort();
      removeEventListener('online', wake);
      removeEventListener('offline', lost);
      document.removeEventListener('visibilitychange', seen);
    },
  };
}
