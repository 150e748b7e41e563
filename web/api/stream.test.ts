import { afterEach, expect, test, vi } from 'vitest';
import { apiUrl } from './client';
import { problemOf } from './problem';
import { backOff, openStream, type StreamItem } from './stream';

test('waiting doubles up to half a minute and is spread', () => {
  expect(backOff(0, 1)).toBe(0.5);
  expect(backOff(3, 1)).toBe(4);
  expect(backOff(20, 1)).toBe(30);
  expect(backOff(20, 0)).toBe(18);
});
test('an address leaves out what is not asked', () => {
  expect(apiUrl('/conversations', { view: 'mine', cursor: null, q: '', limit: 50 })).toBe('/api/v1/conversations?view=mine&limit=50');
});
test('a problem keeps its code, its fields and the resource as it is now', async () => {
  const problem = await problemOf(
    new Response(JSON.stringify({ code: 'invalid', detail: 'x', errors: [{ field: 'email', code: 'bad', detail: 'No @' }], current: { id: 1 } }), {
      status: 422,
      headers: { 'retry-after': '7' },
    }),
  );
  expect(problem.code).toBe('invalid');
  expect(problem.of('email')).toBe('No @');
  expect(problem.current).toEqual({ id: 1 });
  expect(problem.retryAfter).toBe(7);
});
test('an answer that a proxy made is a problem too', async () => {
  const problem = await problemOf(new Response('<html>502</html>', { status: 502 }));
  expect(problem.code).toBe('http_502');
});

/** The browser's stream, as far as we use it. */
class Source extends EventTarget {
  static opened: Source[] = [];
  onmessage: ((message: MessageEvent<string>) => void) | null = null;
  constructor(readonly url: string) {
    super();
    Source.opened.push(this);
    this.addEventListener('message', (message) => this.onmessage?.(message as MessageEvent<string>));
  }
  close(): void {}
  frame(name: string, id: string, data: unknown): void {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId: id }));
  }
}

afterEach(() => vi.unstubAllGlobals());

test('a stream begins where the first answer stood, takes every kind, and tells how far what was taken reaches', () => {
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
  let frame = () => undefined as unknown;
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => {
    frame = draw;
  });
  const kinds: string[] = [];
  let place = '';
  const ignore = () => undefined;
  const close = openStream({
    after: '7-1',
    onPlace: (at) => {
      place = at;
    },
    onBatch: (items: StreamItem[]) => kinds.push(...items.map((item) => item.kind)),
    onReload: ignore,
    onSignedOut: ignore,
    onState: ignore,
  });
  const source = Source.opened.at(-1);
  expect(source?.url).toContain('after=7-1');
  source?.frame('message', '7-2', { event: { kind: 'a.kind_of_tomorrow' } });
  source?.frame('presence', '', { state: 'typing' });
  expect(place).toBe('');
  frame();
  expect([kinds, place]).toEqual([['a.kind_of_tomorrow', 'presence'], '7-2']);
  source?.frame('message', '7-3', { event: { kind: 'message.noted' } });
  close();
  frame();
  expect(place).toBe('7-2');
});

test('while much happens, it comes in batches', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 16));
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
  Source.opened = [];
  const batches: number[] = [];
  const ignore = () => undefined;
  const close = openStream({ onBatch: (items) => void batches.push(items.length), onReload: ignore, onSignedOut: ignore, onState: ignore });
  const happens = () => Source.opened[0]?.frame('message', '1-1', { event: { kind: 'message.received' } });
  happens();
  vi.advanceTimersByTime(20);
  expect(batches).toEqual([1]);
  for (let n = 0; n < 9; n += 1) {
    happens();
    vi.advanceTimersByTime(20);
  }
  happens();
  vi.advanceTimersByTime(90);
  expect(batches).toEqual([1, 10]);
  vi.advanceTimersByTime(1000);
  happens();
  vi.advanceTimersByTime(20);
  expect(batches).toEqual([1, 10, 1]);
  close();
  vi.useRealTimers();
});
