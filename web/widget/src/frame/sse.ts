// Server-sent events, read from a fetch: an EventSource can carry no bearer token.

/** One thing that the stream said. */
export interface Frame {
  id: string | null;
  event: string;
  data: string;
}

/** Reads server-sent events out of text that comes in any pieces. */
export function reader(onFrame: (frame: Frame) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    rest += piece;
    for (;;) {
      const end = /\r?\n\r?\n/.exec(rest);
      if (!end) return;
      const block = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      const frame: Frame = { id: null, event: 'message', data: '' };
      const data: string[] = [];
      for (const line of block.split(/\r?\n/)) {
        const colon = line.indexOf(':');
        if (colon === 0) continue;
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (name === 'id') frame.id = value;
        else if (name === 'event') frame.event = value;
        else if (name === 'data') data.push(value);
      }
      frame.data = data.join('\n');
      if (frame.id !== null || data.length > 0 || frame.event !== 'message') onFrame(frame);
    }
  };
}

/** Seconds to wait before try number `attempt` (from 0): doubles up to 30, spread so that a restart is not a stampede. */
export const backOff = (attempt: number, chance: number): number => Math.min(30, 0.5 * 2 ** attempt) * (0.6 + 0.4 * chance);
