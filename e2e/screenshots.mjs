// Draws the pictures of the documentation into docs/screenshots, with the data of `sonnim demo`: `cargo xtask screenshots`.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser, open, signIn } from './lib/browser.mjs';
import { editor } from './lib/desk.mjs';
import { demo } from './lib/demo.mjs';
import { Server } from './lib/server.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../docs/screenshots');
mkdirSync(OUT, { recursive: true });
const shoot = (page, name) => page.screenshot({ path: join(OUT, `${name}.png`), animations: 'disabled' });

const chrome = await browser();
const fresh = await Server.start();
const setup = await open(chrome, fresh.url, { width: 1280, height: 800 });
await setup.goto(await fresh.setUpLink());
await setup.getByRole('textbox').first().waitFor();
await shoot(setup, 'setup');

const { server, people } = await demo({ data: process.env.TOUR_DATA });
const api = { en: await server.signIn(people.en), ko: await server.signIn(people.ko) };
for (const lang of ['en', 'ko']) await api[lang].patch(`/agents/${api[lang].me.agent.id}`, { language: lang });

/** The liveliest of the newest conversations that are in the screen's language. */
async function liveliest(lang, among = 15) {
  const { items } = await api[lang].get(`/conversations?view=all_open&limit=${among}`);
  const words = lang === 'ko' ? /[가-힣]/ : /^[^가-힣]*$/;
  return items.filter((c) => words.test(c.subject)).sort((a, b) => b.message_count - a.message_count)[0] ?? items[0];
}
const PHONE = { width: 390, height: 844, touch: true };
const ANSWER = {
  en: 'Of course, we are happy to help. I put one aside for you; it leaves tomorrow.',
  ko: '네, 바로 도와드릴게요. 하나 따로 챙겨 두었고 내일 출발해요.',
};

/** One picture: `path`, or the liveliest conversation; `act` is what one does there. */
async function look(name, { lang = 'en', path, act, ...options } = {}) {
  const page = await open(chrome, server.url, { locale: lang === 'ko' ? 'ko-KR' : 'en-US', ...options });
  await signIn(page, people[lang]);
  if (path) await page.goto(path);
  else {
    // A phone shows few rows at once.
    const { subject } = await liveliest(lang, options.touch ? 6 : 15);
    await page.getByRole('option').filter({ hasText: subject }).first().click();
    await page.locator('article.msg').first().waitFor();
    await editor(page).first().waitFor({ state: 'attached' });
  }
  await act?.(page, lang);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400);
  await shoot(page, name);
  await page.context().close();
}
const write = async (page, lang) => {
  await page.keyboard.press('r');
  await page.locator('.comp [role=textbox]:focus').waitFor();
  await page.keyboard.insertText(ANSWER[lang]);
};
const unwrite = async (lang) => api[lang].del(`/conversations/${(await liveliest(lang)).id}/draft`).catch(() => undefined);
const key = (name) => async (page) => {
  await page.keyboard.press(name);
  await page.getByRole('dialog').first().waitFor();
};
const rows = (page) => page.getByRole('option').first().waitFor();

await look('inbox-light-en', { act: write });
await look('inbox-dark-en', { scheme: 'dark', act: write });
await unwrite('en');
await look('inbox-light-ko', { lang: 'ko', act: write });
await unwrite('ko');
await look('note', { act: async (page) => {
  await page.keyboard.press('n');
  await page.locator('.comp[data-kind=note] [role=textbox]:focus').waitFor();
} });
await look('palette', { act: key('Control+k') });
await look('shortcuts', { path: '/inbox/all_open', act: async (page) => {
  await rows(page);
  await page.locator('.me .on').waitFor({ state: 'attached' });
  await key('?')(page);
} });
await look('search', { path: '/inbox/search?q=refund', act: rows });
await look('search-ko', { lang: 'ko', path: `/inbox/search?q=${encodeURIComponent('환불')}`, act: rows });
await look('customers', { path: '/customers', act: async (page) => {
  await page.locator('.person').first().click();
  await page.locator('.wide-page .cc').waitFor();
} });
await look('settings', { path: '/settings/inboxes', act: (page) => page.locator('.entries li').first().waitFor() });
await look('settings-people', { path: '/settings/people', act: (page) => page.locator('.entries li').first().waitFor() });
await look('settings-ko', { lang: 'ko', path: '/settings', act: (page) => page.getByRole('heading', { level: 1 }).first().waitFor() });
await look('phone-list', { path: '/inbox/all_open', act: rows, ...PHONE });
await look('phone-thread', PHONE);
await look('phone-thread-ko', { lang: 'ko', scheme: 'dark', ...PHONE });
await chrome.close();
await server.stop();
await fresh.stop();
process.exit();
