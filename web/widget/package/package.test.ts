import { afterEach, beforeEach, expect, test, vi } from 'vitest';

interface Script {
  async: boolean;
  src: string;
  dataset: Record<string, string>;
}
const scripts: Script[] = [];
const site = globalThis as { Sonnim?: ((...command: unknown[]) => unknown) & { q?: unknown[][] }; document?: unknown };

beforeEach(() => {
  vi.resetModules();
  scripts.length = 0;
  site.document = { createElement: () => ({ dataset: {} }), head: { append: (script: Script) => scripts.push(script) } };
});
afterEach(() => {
  delete site.Sonnim;
  delete site.document;
});

test('one script line with what the site wants, however often it is loaded', async () => {
  const { load } = await import('./index.js');
  const first = load({ url: 'https://desk.example/', key: 'wk', locale: 'ko', consent: 'required', theme: undefined });
  expect(load({ url: 'https://desk.example', key: 'wk' })).toBe(first);
  expect(scripts).toEqual([{ async: true, src: 'https://desk.example/widget.js', dataset: { key: 'wk', locale: 'ko', consent: 'required' } }]);
});

test('what is said before the loader is there waits for it', async () => {
  const { load } = await import('./index.js');
  const messenger = load({ url: 'https://desk.example', key: 'wk' });
  messenger.identify('token');
  messenger.open();
  expect(site.Sonnim?.q).toEqual([['identify', 'token'], ['open']]);
  const heard: unknown[][] = [];
  site.Sonnim = (...command) => heard.push(command);
  messenger.consent(true);
  messenger.setTheme('dark');
  expect(heard).toEqual([
    ['consent', true],
    ['setTheme', 'dark'],
  ]);
});

test('a listener hears until it is switched off, also one from before the loader', async () => {
  const { load } = await import('./index.js');
  const messenger = load({ url: 'https://desk.example', key: 'wk' });
  const heard: number[] = [];
  const off = messenger.on('unread', (count) => heard.push(count));
  const tell = site.Sonnim?.q?.[0]?.[2] as (count: number) => void;
  tell(1);
  off();
  tell(2);
  expect(heard).toEqual([1]);
});
