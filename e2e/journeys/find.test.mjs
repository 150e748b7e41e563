import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { editor, message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { sleep, until } from '../lib/wait.mjs';

const house = new House();
const ADA = 'ada@customer.test';
let server;
let page;

const bar = () => page.getByRole('search', { name: 'Find in this conversation' });
const place = (text) => until(async () => (await bar().locator('output').innerText()) === text, async () => `the bar says ${text}, but it says ${await bar().locator('output').innerText()}`);
/** The words that are marked as the one in view, and whether they can be seen. */
const marked = () =>
  page.evaluate(() => {
    const [range] = CSS.highlights.get('found-now') ?? [];
    if (!range) return null;
    const { top, bottom } = range.getBoundingClientRect();
    const box = document.querySelector('.main .scroll').getBoundingClientRect();
    return { words: range.toString(), seen: top >= box.top && bottom <= box.bottom };
  });

house.journey('words are found in messages that are not loaded yet, and in a quote that is folded', async () => {
  server = await house.server();
  await server.setUp();
  await server.inbox();
  const first = letter({ from: ADA, name: 'Ada Lee', to: 'help@shop.test', subject: 'A long story', text: 'It began with a Teapot from Icheon.' });
  await server.deliver({ from: ADA, to: 'help@shop.test', raw: first.raw });
  const { id } = await until(async () => (await server.api.get('/conversations?view=all')).items[0], 'the conversation is there');
  for (let i = 0; i < 130; i += 1) await server.api.post(`/conversations/${id}/notes`, { html: `<p>Note ${i}: ${i === 60 ? 'a <b>tea</b>pot, blue' : 'nothing to see'}</p>` });
  const quoted = letter({ from: ADA, name: 'Ada Lee', to: 'help@shop.test', subject: 'Re: A long story', text: 'Thanks!\n\nOn Sunday Haru Goods wrote:\n> Which teapot do you mean?\n', inReplyTo: `<${first.id}>` });
  await server.deliver({ from: ADA, to: 'help@shop.test', raw: quoted.raw });
  page = await house.desk(server, OWNER);
  await openRow(page, 'A long story');
  assert.equal(await message(page, 'Note 60:').count(), 0, 'the middle is not loaded');

  await editor(page).click();
  await page.keyboard.press('Control+f');
  await bar().getByRole('textbox').fill('teapot');
  await until(async () => /^1 of [23]$/.test(await bar().locator('output').innerText()), 'all are found', 30_000);
  await message(page, 'It began with').waitFor();
  const total = Number((await bar().locator('output').innerText()).split(' ').pop());
  await accessible(page, 'finding in a thread');
  const seen = [];
  for (let i = 1; i <= total; i += 1) {
    await place(`${i} of ${total}`);
    await until(async () => (await marked())?.seen, 'the words are in view');
    seen.push((await marked()).words);
    await page.keyboard.press('Enter');
  }
  assert.deepEqual(seen.slice(-2), ['teapot', 'Teapot'], 'from the newest to the oldest, over bold letters, whatever their case');
  await place(`1 of ${total}`);
  await page.keyboard.press('Shift+Enter');
  await place(`${total} of ${total}`);
});

house.journey('what is not there is said so, and Escape gives the page back', async () => {
  await bar().getByRole('textbox').fill('kettle');
  await place('Not here');
  await page.keyboard.press('Escape');
  await until(async () => (await bar().count()) === 0, 'the bar is gone');
  assert.equal(await page.evaluate(() => CSS.highlights.size), 0);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
});

house.journey('on a phone a swipe to the right goes back to the list, a short one does not', async () => {
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true });
  await phone.getByRole('option').first().click();
  await phone.locator('article.msg').first().waitFor();
  const cdp = await phone.context().newCDPSession(phone);
  const swipe = async (from, to, y = 500) => {
    const at = (x) => [{ x, y }];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) });
    for (let i = 1; i <= 8; i += 1) {
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(from + ((to - from) * i) / 8) });
      await sleep(25);
    }
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await swipe(80, 115);
  await sleep(150);
  assert.match(new URL(phone.url()).pathname, /\/cnv_/, 'still there');
  await swipe(60, 300);
  await phone.waitForURL(/\/inbox\/all_open$/);
  await phone.getByRole('option').first().waitFor();
});
