import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { message, note, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;
let mina;
let card;

const menu = async (words, item) => {
  const one = message(mina, words);
  await one.hover();
  await one.getByRole('button', { name: 'More about this message' }).click();
  await mina.getByRole('menuitem', { name: item }).click();
};

house.journey('a note is mended, and how it read before is seen', async () => {
  server = await house.shop();
  mina = await house.desk(server, OWNER);
  const mail = letter({ from: 'dora@customer.test', name: 'Dora', to: HELP, subject: 'Paying', text: 'My card is 4111 1111 2222, please.' });
  await server.deliver({ from: 'dora@customer.test', to: HELP, raw: mail.raw });
  card = await until(async () => (await server.api.get('/conversations?view=all')).items[0], 'the mail is there');
  await openRow(mina, 'Paying');
  await note(mina, 'She wants to pay.');
  await message(mina, 'She wants to pay.').waitFor();
  await until(async () => (await server.api.get(`/conversations/${card.id}/messages`)).items.length === 2, 'the note is kept');
  await menu('She wants to pay.', 'Edit');
  const dialog = mina.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Note' }).click();
  await mina.keyboard.press('Control+A');
  await mina.keyboard.type('She has paid.');
  await accessible(mina, 'the dialog that edits a note');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await message(mina, 'She has paid.').getByRole('button', { name: 'Edited' }).click();
  await mina.getByRole('dialog').getByText('She wants to pay.').waitFor();
  await accessible(mina, 'how a note read before');
  await mina.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

house.journey('a card number goes for good', async () => {
  await menu('4111 1111 2222', 'Redact');
  const dialog = mina.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Or type them' }).fill('4111 1111 2222');
  await mina.keyboard.press('Enter');
  await dialog.getByRole('list', { name: 'Words to take out' }).getByText('4111 1111 2222').waitFor();
  await dialog.getByText('Yes, take this out for good').click();
  await accessible(mina, 'the dialog that redacts');
  await picture(mina, 'redact');
  await dialog.getByRole('button', { name: 'Redact', exact: true }).click();
  await mina.getByText('1 message redacted').waitFor();
  await message(mina, 'My card is █████, please.').getByText('Parts removed').waitFor();
  await accessible(mina, 'a redacted message');
  await picture(mina, 'redacted');
  const [first] = (await server.api.get(`/conversations/${card.id}/messages`)).items.slice(-1);
  assert.ok(!JSON.stringify(first).includes('1111'));
  assert.equal((await server.api.get('/search?q=4111')).items.length, 0);
  assert.ok(!(await mina.content()).includes('4111'), 'nothing of it is on the screen');
});
