import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { message, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;
let page;

const write = (from, name, subject, text) => server.deliver({ from, to: HELP, raw: letter({ from, name, to: HELP, subject, text }).raw });
const marks = (where) => where.locator('mark').allInnerTexts();
const field = (on = page) => on.getByRole('combobox').first();

house.journey('words are found as one types, the best first, and are marked as plain text', async () => {
  server = await house.server();
  await server.setUp();
  await server.inbox();
  await write('ada@customer.test', 'Ada Lee', 'A question', 'My teapot came, but the lid is broken. <img src=x onerror=alert(1)> Can I have a refund?');
  await write('ben@customer.test', 'Ben Park', 'Refund for order 12', 'Please send it back.');
  await write('mina@customer.test', '김민수', '환불 문의', '안녕하세요, 찻잔이 깨져서 왔어요. 환불은 언제 되나요?');
  await write('sora@customer.test', '최소라', '배송 지연', '주문한 찻잔의 배송이 늦어요. 환불해 주세요.');
  await until(async () => (await server.api.get('/conversations?view=all')).items.length === 4, 'four conversations');
  page = await house.desk(server, OWNER);
  await page.keyboard.press('/');
  await field().waitFor();
  await page.keyboard.type('refun');
  await until(async () => (await row(page, 'Refund for order 12').locator('mark').count()) > 0, 'the subject is marked');
  const rows = page.getByRole('option').filter({ has: page.locator('.conv, .subj') });
  assert.match(await rows.nth(0).innerText(), /Refund for order 12/, 'a subject comes before a body');
  assert.match(await rows.nth(1).innerText(), /A question/);
  assert.deepEqual(await marks(row(page, 'A question')), ['refund']);
  assert.match(await row(page, 'A question').innerText(), /src=x onerror=alert\(1\)>/, 'what a mail says stays text');
  assert.equal(await page.locator('.rows img[src="x"]').count(), 0);
  await accessible(page, 'search results');
  await picture(page, 'search-results');
});

house.journey('the keyboard goes from the words to a hit, and conditions narrow the search', async () => {
  await field().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await message(page, 'Please send it back.').waitFor();
  const chip = page.getByRole('button', { name: 'With a file' });
  await chip.click();
  assert.equal(await chip.getAttribute('aria-pressed'), 'true');
  await page.getByRole('status').filter({ hasText: 'Nothing matches' }).waitFor();
  await accessible(page, 'nothing was found');
  await chip.click();
  await page.getByRole('toolbar', { name: 'Narrow the search' }).getByRole('button', { name: 'Open' }).click();
  await row(page, 'Refund for order 12').waitFor();
  assert.match(await field().inputValue(), /is:open/);
  assert.deepEqual(await marks(row(page, 'A question')), ['refund'], 'words are marked beside conditions too');
});

house.journey('customers are found by name and address, in the search and in the palette', async () => {
  await field().fill('ben@cust');
  const people = page.getByRole('navigation', { name: 'Customers' });
  await people.getByRole('link', { name: /Ben Park/ }).waitFor();
  assert.ok((await marks(people)).join('').includes('ben@cust'));
  await field().fill('민수');
  await people.getByRole('link', { name: /김민수/ }).waitFor();
  assert.deepEqual(await marks(people), ['민수']);
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What would you like to do?').fill('teapo');
  const hit = page.getByRole('dialog').getByRole('option', { name: /A question/ }).or(page.getByRole('menuitem', { name: /A question/ })).first();
  await hit.waitFor();
  await page.getByPlaceholder('What would you like to do?').fill('ada l');
  await page.getByRole('dialog').getByText('ada@customer.test').first().waitFor();
  await accessible(page, 'the palette with customers');
  await page.keyboard.press('Escape');
});

house.journey('in Korean a word is found whatever hangs on it, on a phone as well', async () => {
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, locale: 'ko-KR', touch: true });
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'ko' });
  await phone.goto(`/inbox/search?q=${encodeURIComponent('환불을')}`);
  await phone.waitForFunction(() => document.documentElement.lang === 'ko');
  await row(phone, '환불 문의').waitFor();
  await row(phone, '배송 지연').waitFor();
  assert.ok((await marks(row(phone, '배송 지연'))).includes('환불'), 'only the word is marked, not what hangs on it');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing sticks out');
  await accessible(phone, 'search on a phone in Korean');
  await picture(phone, 'search-phone-korean');
  await phone.goto(`/inbox/search?q=${encodeURIComponent('없는말')}`);
  await phone.getByRole('status').filter({ hasText: '없는말' }).waitFor();
  await accessible(phone, 'nothing was found in Korean');
});
