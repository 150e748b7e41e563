import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { editor, message, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';

const house = new House();
const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

house.journey('on a phone: list, thread, reply, and back', async () => {
  const server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  for (const subject of ['Which size is right?', 'A gift card please']) {
    const mail = letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject, text: `${subject} I do not know, and this line is long enough to need a break on a small screen.` });
    await house.postfix.send({ from: 'ada@customer.test', to: 'help@shop.test', raw: mail.raw });
  }
  const page = await house.desk(server, OWNER, { width: 390, height: 844, touch: true });
  await row(page, 'Which size is right?').waitFor();
  assert.ok(await fits(page), 'nothing sticks out of the list');
  await accessible(page, 'the list on a phone');

  await row(page, 'Which size is right?').tap();
  await message(page, 'I do not know').waitFor();
  assert.ok(await fits(page), 'nothing sticks out of the thread');
  await accessible(page, 'a thread on a phone');

  await page.locator('.comp-phone').getByRole('button', { name: 'Reply' }).tap();
  await editor(page).waitFor();
  await editor(page).tap();
  await page.keyboard.type('Take the middle one.');
  await accessible(page, 'writing on a phone');
  await page.locator('.comp-hd').getByRole('button', { name: 'Send', exact: true }).tap();
  await message(page, 'Take the middle one.').waitFor();
  await house.postfix.arrival('ada', (mail) => mail.text.includes('Take the middle one.'));

  await page.getByRole('button', { name: 'Back' }).or(page.getByRole('link', { name: 'Back' })).first().tap();
  await row(page, 'A gift card please').waitFor();
  assert.match(page.url(), /\/inbox\/all_open$/);
});
