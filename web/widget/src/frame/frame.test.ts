import { describe, expect, test } from 'vitest';
import { contrast, inkOn, palette } from './colour';
import { cookies } from './cookies';
import { faults, given } from './form';
import { embedder, heard } from './hearing';
import { arrived, type Letter, merge, next, refuse, settle } from './outbox';
import { backOff, type Frame, reader } from './sse';
import type { FormField, Message } from './types';
import { pick } from './words';

const letter = (key: string, conversation = 'new-1', more: Partial<Letter> = {}): Letter => ({
  key,
  conversation,
  text: key,
  files: [],
  form: {},
  at: '',
  refused: null,
  ...more,
});
const message = (id: string, at: string, client_key: string | null = null): Message => ({
  id,
  client_key,
  from: 'customer',
  name: null,
  initials: null,
  interactive: null,
  answers: null,
  text: '',
  html: null,
  at,
  files: [],
});

describe('what waits to be sent', () => {
  test('goes in order, and a refused one holds up its own conversation only', () => {
    const box = [letter('a'), letter('b'), letter('c', 'cnv_2')];
    expect(next(box)?.key).toBe('a');
    expect(next(refuse(box, 'a', 'no'))?.key).toBe('c');
    expect(next([])).toBeUndefined();
  });
  test('follows its conversation when that comes to be', () => {
    expect(settle([letter('b'), letter('c', 'cnv_2')], 'new-1', 'cnv_9').map((one) => one.conversation)).toEqual(['cnv_9', 'cnv_2']);
  });
  test('is gone when the server has it, though its answer was lost', () => {
    expect(arrived([letter('a'), letter('b')], [message('msg_1', '1', 'a')]).map((one) => one.key)).toEqual(['b']);
  });
});

test('messages stand in order, each once, the newest word about each', () => {
  const all = merge([message('msg_2', '2'), message('msg_1', '1')], [{ ...message('msg_2', '2'), text: 'edited' }, message('msg_3', '2')]);
  expect(all.map((one) => one.id)).toEqual(['msg_1', 'msg_2', 'msg_3']);
  expect(all[1]?.text).toBe('edited');
});

describe('the stream', () => {
  const read = (pieces: string[]) => {
    const frames: Frame[] = [];
    const feed = reader((frame) => frames.push(frame));
    for (const piece of pieces) feed(piece);
    return frames;
  };
  test('is read in whatever pieces it comes', () => {
    const text = 'event: hello\ndata: {"cursor":"7"}\n\n: beat\n\nid: 8\ndata: {"a":\ndata: 1}\n\n';
    const whole = read([text]);
    expect(whole).toEqual([
      { id: null, event: 'hello', data: '{"cursor":"7"}' },
      { id: '8', event: 'message', data: '{"a":\n1}' },
    ]);
    expect(read([...text])).toEqual(whole);
    expect(read([text.replace(/\n/g, '\r\n')]).map((frame) => frame.event)).toEqual(['hello', 'message']);
  });
  test('waits longer each time, never all at once', () => {
    expect(backOff(0, 0)).toBeCloseTo(0.3);
    expect(backOff(20, 1)).toBe(30);
    expect(backOff(3, 0)).not.toBe(backOff(3, 1));
  });
});

describe('who is heard', () => {
  const origin = 'https://shop.example';
  const parent = {};
  const event = (more: object) => ({ source: parent, origin, data: { sonnim: 1, say: ['open'] }, ...more }) as unknown as MessageEvent;
  test('the embedding window with the origin that the browser names, and nobody else', () => {
    expect(heard(event({}), parent, origin)).toEqual(['open']);
    expect(heard(event({ origin: 'https://evil.example' }), parent, origin)).toBeNull();
    expect(heard(event({ source: {} }), parent, origin)).toBeNull();
    expect(heard(event({}), parent, null)).toBeNull();
    for (const data of [null, 'open', { say: ['open'] }, { sonnim: 1, say: 'open' }, { sonnim: 1, say: [{}] }])
      expect(heard(event({ data }), parent, origin)).toBeNull();
  });
  test('the embedder is named by the browser', () => {
    expect(embedder([origin], '')).toBe(origin);
    expect(embedder(undefined, `${origin}/cart?x=1`)).toBe(origin);
    expect(embedder(undefined, '')).toBeNull();
    expect(embedder(['null'], '')).toBeNull();
  });
});

describe('a colour', () => {
  test('can be read, whatever somebody picks', () => {
    for (const colour of ['#ffffff', '#000000', '#ffd400', '#ffff00', '#2563eb', '#0f554e', '#ff0000', '#808080', '#00ff00', '#fde68a', '#777']) {
      const made = palette(colour);
      if (!made) throw new Error(colour);
      const { tokens } = made;
      const pair = (name: string) => tokens[name] as [string, string];
      expect(contrast(made.launcher, made.launcherInk), colour).toBeGreaterThanOrEqual(4.5);
      for (const i of [0, 1] as const) {
        expect(contrast(pair('--on-accent')[i], pair('--accent-solid')[i]), colour).toBeGreaterThanOrEqual(4.5);
        expect(contrast(pair('--on-hello')[i], pair('--hello')[i]), colour).toBeGreaterThanOrEqual(4.5);
        expect(contrast(pair('--accent')[i], i === 0 ? '#f6f3ed' : '#322d29'), colour).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(inkOn('#ffd400')).not.toBe(inkOn('#0f554e'));
  });
  test('that is none changes nothing', () => {
    for (const text of ['', 'red', '#12', 'url(x)', '#12345g']) expect(palette(text)).toBeNull();
  });
});

describe('a shelf of cookies', () => {
  /** A jar as `document.cookie` is one: it takes one at a time, and shows all. */
  const jar = (most = 4096) => {
    const kept = new Map<string, string>();
    return {
      get cookie() {
        return [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
      },
      set cookie(line: string) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/Max-Age=0/.test(line)) kept.delete(name);
        else if (name.length + value.length <= most) kept.set(name, value);
      },
    };
  };
  test('keeps any text, long ones in parts, and forgets them whole', () => {
    const shelf = cookies(jar());
    if (!shelf) throw new Error('no shelf');
    const long = '안녕하세요; = ,"\n🙂'.repeat(150);
    for (const text of ['', 'a', long, 'short again']) {
      shelf.set('sonnim.k.box', text);
      expect(shelf.get('sonnim.k.box') ?? '').toBe(text);
    }
    expect(shelf.names()).toEqual(['sonnim.k.box']);
    shelf.drop('sonnim.k.box');
    expect([shelf.get('sonnim.k.box'), shelf.names()]).toEqual([null, []]);
  });
  test('refuses what does not fit, and is none where cookies are off', () => {
    expect(() => cookies(jar())?.set('a', 'x'.repeat(20_000))).toThrow();
    expect(cookies(jar(10))).toBeNull();
  });
});

describe('what is asked before', () => {
  const field = (key: string, kind: FormField['kind'], required: boolean): FormField => ({ key, label: key, kind, required, choices: [] });
  const fields = [field('name', 'text', true), field('email', 'email', false), field('ok', 'consent', true)];
  test('says what is missing, by field', () => {
    expect(faults(fields, { name: ' ', email: 'a@b' })).toEqual({ name: 'need_answer', email: 'need_mail', ok: 'need_consent' });
    expect(faults(fields, { name: 'Ada', ok: 'true' })).toEqual({});
  });
  test('sends only what was given', () => {
    expect(given(fields, { name: ' Ada ', email: '', other: 'x' })).toEqual({ name: 'Ada' });
  });
});

test('a language is found by its tag or its first part, and English else', () => {
  expect(pick([null, 'ko-KR'], ['en', 'ko'])).toBe('ko');
  expect(pick(['fr'], ['en', 'ko'])).toBe('en');
  expect(pick(['pt-br'], ['en', 'pt-BR', 'pt'])).toBe('pt-BR');
});
