// Draws the pictures of the documentation into docs/screenshots: with `sonnim demo`'s data where the binary has it, else with a few mails.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browser, open, signIn } from './lib/browser.mjs';
import { letter } from './lib/mail.mjs';
import { scratch } from './lib/scratch.mjs';
import { OWNER, Server } from './lib/server.mjs';
import { until } from './lib/wait.mjs';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../docs/screenshots');
mkdirSync(OUT, { recursive: true });
const shoot = (page, name) => page.screenshot({ path: join(OUT, `${name}.png`), animations: 'disabled' });

/** A shop with data, and somebody who can sign in. */
async function shop() {
  const data = join(scratch('demo'), 'data');
  const demo = Object.assign(Object.create(Server.prototype), { data, options: {} });
  let person;
  try {
    const said = demo.command(['demo']);
    console.log(said);
    // The admin: the owner's screen speaks Korean.
    const email = /(\S+@\S+)\s+admin/.exec(said)?.[1];
    const password = /password[^\S\n]*:?[^\S\n]*[“"'`]?([^\s”"'`]+)/i.exec(said)?.[1];
    if (email && password) person = { email, password };
    if (!person) throw new Error('its log-ins were not understood');
  } catch (error) {
    console.log(`sonnim demo did not help (${error.message.split('\n')[0]}); a small shop is made instead`);
  }
  if (person) return { server: await Server.start({ data }), person };
  const server = await Server.start();
  await server.setUp();
  await server.inbox();
  await write(server);
  return { server, person: OWNER };
}

const MAILS = [
  ['Nora Lind', 'nora@customer.test', 'Do you ship to Norway?', 'Hello,\n\nI would love the moon jar, but live in Bergen. Do you ship there, and what would it cost?\n\nNora'],
  ['이하늘', 'haneul@customer.test', '찻잔 세트 배송 문의', '안녕하세요,\n\n지난주에 주문한 찻잔 세트가 아직 도착하지 않았습니다. 언제쯤 받을 수 있을까요?\n\n감사합니다.\n이하늘 드림'],
  ['Ben Ortiz', 'ben@customer.test', 'One cup arrived broken', 'Hi,\n\nthe set came today and is beautiful, but one cup has a crack. Order 20419.\n\nBen'],
  ['박서준', 'seojun@customer.test', '환불 요청드립니다', '주문 번호 20388 환불 부탁드립니다. 색상이 사진과 다릅니다.'],
  ['Ada Lee', 'ada@customer.test', 'Where is my parcel?', 'Hello,\n\nit should have come on Monday, and the tracking page has not moved since Friday.\nCould you have a look?\n\nKind regards\nAda'],
];

async function write(server) {
  for (const [name, from, subject, text] of MAILS) {
    await server.deliver({ from, to: 'help@shop.test', raw: letter({ from, name, to: 'help@shop.test', subject, text }).raw });
    await until(async () => (await server.api.get('/conversations?view=all')).items[0]?.subject === subject, 'the mail is there');
  }
  const [ada, seojun, ben] = (await server.api.get('/conversations?view=all')).items;
  const tag = await server.api.post('/tags', { name: 'damage', color: 'orange' });
  await server.api.put(`/conversations/${ben.id}/tags`, { tag_ids: [tag.id] });
  await server.api.patch(`/conversations/${seojun.id}`, { priority: 'high', assignee_id: server.api.me.agent.id });
  await server.api.post(`/conversations/${ada.id}/notes`, { text: 'The carrier lost its scanner on Friday; ask them by phone.' });
  await server.api.post(`/conversations/${ada.id}/replies`, { html: '<p>Hello Ada,</p><p>I am sorry for the wait. I asked the carrier: your parcel <b>arrives tomorrow</b>.</p>' });
}

const chrome = await browser();
const fresh = await Server.start();
const setup = await open(chrome, fresh.url, { width: 1280, height: 800 });
await setup.goto(await fresh.setUpLink());
await setup.getByRole('textbox').first().waitFor();
await shoot(setup, 'setup');

const { server, person } = await shop();
async function look({ name, path = '/inbox/all_open', language, pick = true, ...options }) {
  const page = await open(chrome, server.url, options);
  await signIn(page, person);
  if (language) {
    await page.evaluate(async (wanted) => {
      const me = await (await fetch('/api/v1/session')).json();
      await fetch(`/api/v1/agents/${me.agent.id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ language: wanted }) });
    }, language);
    await page.reload();
  }
  if (!page.url().endsWith(path)) await page.goto(path);
  if (path.startsWith('/inbox')) {
    await page.getByRole('option').first().waitFor();
    if (pick) {
      // The liveliest of the newest that is in the screen's language.
      const { items } = await page.evaluate(async () => (await fetch('/api/v1/conversations?view=all_open&limit=12')).json());
      const words = language === 'ko' ? /[가-힣]/ : /^[^가-힣]*$/;
      const liveliest = items.filter((c) => words.test(c.subject)).sort((a, b) => b.message_count - a.message_count)[0] ?? items[0];
      await page.getByRole('option').filter({ hasText: liveliest.subject }).first().click();
      await page.locator('article.msg').first().waitFor();
      await page.locator('.comp [role=textbox]').first().waitFor({ state: 'attached' });
    }
  } else await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await shoot(page, name);
  await page.context().close();
}

await look({ name: 'inbox-light-en' });
await look({ name: 'inbox-dark-en', scheme: 'dark' });
await look({ name: 'settings', path: '/settings/inboxes' });
await look({ name: 'phone-list', width: 390, height: 844, touch: true, pick: false });
await look({ name: 'phone-thread', width: 390, height: 844, touch: true });
await look({ name: 'inbox-light-ko', language: 'ko', locale: 'ko-KR' });
await look({ name: 'settings-ko', path: '/settings', language: 'ko', locale: 'ko-KR' });
await chrome.close();
await server.stop();
await fresh.stop();
process.exit();
