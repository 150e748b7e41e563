import type { Draft, Message, TimelineItem } from '@api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mergeDraft } from './draft-kept';
import { PictureUploads } from './editor-picture';
import { flush, insist, openOutbox, outgoing, send, useOutbox, type Written } from './outbox';
import { pictureOfData } from './paste';
import { withWaiting } from './timeline';
import { undoLeft } from './undo-send';

const written: Written = { kind: 'reply', html: '<p>Hello</p>', to: [], cc: [], bcc: [], attachments: [] };
const nobody = async () => null;
const asked: { url: string; key: string; body: string }[] = [];
/** What the server says, one answer per request; `cut` is no answer. */
function server(...answers: ('cut' | { status: number; body: unknown })[]) {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, key: (init.headers as Record<string, string>)['idempotency-key'] ?? '', body: String(init.body) });
    const answer = answers.shift() ?? 'cut';
    if (answer === 'cut') throw new TypeError('network');
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  });
}
const yes = { status: 201, body: { id: 'msg_1' } };
let stored: Map<string, string>;
beforeEach(() => {
  asked.length = 0;
  stored = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('removeEventListener', () => undefined);
  vi.stubGlobal('navigator', {});
  openOutbox('agt_1');
});
afterEach(() => vi.unstubAllGlobals());
const now = new Date('2026-11-22T10:00:00Z');
const states = () => useOutbox.getState().items.map((one) => one.state);

test('without a network a message waits, survives a reload, and goes out with the key it had', async () => {
  server('cut');
  expect(await send(outgoing('cnv_1', written, null, null, now), nobody)).toBe(null);
  useOutbox.setState({ items: [] });
  openOutbox('agt_1');
  expect(states()).toEqual(['waiting']);
  server('cut', yes);
  const sent: string[] = [];
  const run = () =>
    flush(
      nobody,
      (_one, message) => sent.push(message.id),
      () => undefined,
    );
  await run();
  expect(states()).toEqual(['waiting']);
  await run();
  expect(sent).toEqual(['msg_1']);
  expect(states()).toEqual([]);
  expect(new Set(asked.map((one) => one.key)).size).toBe(1);
  expect(stored.size).toBe(0);
});
test('another agent on the same device never sees it', async () => {
  server('cut');
  await send(outgoing('cnv_1', written, null, null, now), nobody);
  openOutbox('agt_2');
  expect(states()).toEqual([]);
});
test('a page that was closed while it sent leaves the message waiting', async () => {
  server(yes);
  stored.set('sonnim.outbox.agt_1', JSON.stringify([outgoing('cnv_1', written, null, null, now)]));
  openOutbox('agt_1');
  expect(states()).toEqual(['waiting']);
});
test('a first refusal is thrown and nothing stays; a later one stays with its reason until somebody insists', async () => {
  server({ status: 409, body: { code: 'newer_message', detail: 'x' } });
  await expect(send(outgoing('cnv_1', written, null, 'msg_0', now), nobody)).rejects.toMatchObject({ code: 'newer_message' });
  expect(states()).toEqual([]);
  server('cut', { status: 409, body: { code: 'newer_message', detail: 'x' } }, yes);
  await send(outgoing('cnv_1', written, null, 'msg_0', now), nobody);
  const why: unknown[] = [];
  await flush(
    nobody,
    () => undefined,
    (problem) => why.push(problem),
  );
  expect(why).toHaveLength(1);
  expect(useOutbox.getState().items[0]).toMatchObject({ state: 'refused', problem: { code: 'newer_message' } });
  insist(useOutbox.getState().items[0]?.key ?? '');
  await flush(
    nobody,
    () => undefined,
    () => undefined,
  );
  expect(states()).toEqual([]);
  expect(JSON.parse(asked.at(-1)?.body ?? '')).not.toHaveProperty('if_last_message_id');
});
test('a server that was stopped in the middle is asked for the message before it is sent again', async () => {
  const unclear = { status: 409, body: { code: 'in_progress' } };
  server('cut', unclear, unclear, yes);
  await send(outgoing('cnv_1', written, null, null, now), nobody);
  let clock = 1_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => clock);
  await flush(
    nobody,
    () => undefined,
    () => undefined,
  );
  expect(states()).toEqual(['waiting']);
  clock += 61_000;
  await flush(
    nobody,
    () => undefined,
    () => undefined,
  );
  await flush(
    nobody,
    () => undefined,
    () => undefined,
  );
  expect(states()).toEqual([]);
  expect(asked[3]?.key).not.toBe(asked[2]?.key);

  server('cut', unclear);
  await send(outgoing('cnv_1', written, null, null, now), nobody);
  const found: string[] = [];
  await flush(
    async () => ({ id: 'msg_9' }) as Message,
    (_one, message) => found.push(message.id),
    () => undefined,
  );
  expect(found).toEqual(['msg_9']);
  vi.restoreAllMocks();
});
test('of two that waited, the second knows of the first', async () => {
  server('cut', 'cut', yes, { status: 201, body: { id: 'msg_2' } });
  await send(outgoing('cnv_1', written, null, 'msg_0', now), nobody);
  await send(outgoing('cnv_1', written, null, 'msg_0', now), nobody);
  await flush(
    nobody,
    () => undefined,
    () => undefined,
  );
  expect(asked.slice(2).map((one) => JSON.parse(one.body).if_last_message_id)).toEqual(['msg_0', 'msg_1']);
});
test('messages that wait stand at the end of the thread, once', () => {
  const item = (id: string): TimelineItem => ({ type: 'message', message: { id } as Message });
  const shown = withWaiting([item('msg_1'), item('temp_1')], [{ id: 'temp_1' } as Message, { id: 'temp_2' } as Message]);
  expect(shown.map((one) => (one.type === 'message' ? one.message.id : ''))).toEqual(['msg_1', 'temp_1', 'temp_2']);
});

const draft = (html: string, version: number): Draft => ({ kind: 'reply', html, to: [], cc: [], bcc: [], attachments: [], version, updated_at: '' });
const content = (html: string) => ({ kind: 'reply' as const, html, to: [], cc: [], bcc: [], attachment_ids: [] });
test('a draft kept on this device meets the server’s: who wrote last wins, and two texts are both kept', () => {
  const base = { version: 3, html: '<p>A</p>' };
  expect(mergeDraft({ content: content('<p>A B</p>'), base }, draft('<p>A</p>', 3)).by).toBe('kept');
  expect(mergeDraft({ content: content('<p>A</p>'), base }, draft('<p>C</p>', 4)).by).toBe('server');
  expect(mergeDraft({ content: content('<p>A</p>'), base }, null).by).toBe('server');
  expect(mergeDraft({ content: content('<p>new</p>'), base: null }, null).by).toBe('kept');
  const both = mergeDraft({ content: content('<p>A B</p>'), base }, draft('<p>C</p>', 4));
  expect([both.by, both.content.html]).toEqual(['both', '<p>C</p><p>A B</p>']);
});

test('the offer to undo ends with the window, however wrong the clocks are', () => {
  const message = {
    created_at: '2030-01-01T00:00:00.000Z',
    delivery: { state: 'undo_window', undo_until: '2030-01-01T00:00:10.000Z' },
  } as Message;
  expect(undoLeft(message, 500, 800)).toBe(9700);
  expect(undoLeft(message, 0, 20_000)).toBe(0);
  expect(undoLeft({ ...message, delivery: { ...message.delivery, state: 'queued' } as Message['delivery'] }, 0, 0)).toBe(0);
});

test('a picture leaves by its place on the server, and one that is not there yet does not leave', () => {
  const uploads = new PictureUploads(
    () => ({ describe: '', failed: '', retry: '' }),
    () => undefined,
  );
  const html = '<p>a <img src="blob:x" alt="cup" data-upload="k1"> <img src="blob:y" alt="" data-upload="k2"></p>';
  expect(uploads.settled(html)).toBe('<p>a  </p>');
  expect(uploads.set('k1', { progress: 1, failed: false, src: '/api/v1/attachments/att_1?inline=1' })).toBe(true);
  expect(uploads.settled(html)).toBe('<p>a <img src="/api/v1/attachments/att_1?inline=1" alt="cup"> </p>');
});
test('only pictures come out of pasted data', () => {
  expect(pictureOfData('data:image/png;base64,AAAA', 'dot')).toMatchObject({ name: 'dot.png', type: 'image/png', size: 3 });
  for (const odd of ['data:image/svg+xml;base64,AAAA', 'data:text/html;base64,AAAA', 'https://x.test/a.png', 'data:image/png,AAAA'])
    expect(pictureOfData(odd, '')).toBe(null);
});
