import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { editor, message, openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
const MAKER = 'ada@customer.test';
let server;
let mina;
let kettle;

const panel = () => mina.getByRole('complementary', { name: 'Side conversations' });
const sides = async () => (await server.api.get(`/conversations/${kettle.id}/side-conversations`)).items;

/** The maker answers the newest mail that came, by the address it asks to be answered at. */
async function answer(mail, text) {
  const to = /<([^>]+)>/.exec(mail.headers['reply-to'])?.[1] ?? mail.headers['reply-to'];
  const reply = letter({ from: MAKER, name: 'Lee Maker', to, subject: `Re: ${mail.headers.subject}`, text, inReplyTo: mail.headers['message-id'] });
  await house.postfix.send({ from: MAKER, to, raw: reply.raw });
}

house.journey('a supplier is asked by mail, and the answer comes back beside the thread', async () => {
  server = await house.shop();
  mina = await house.desk(server, OWNER);
  const mail = letter({ from: 'dora@customer.test', name: 'Hana Mori', to: HELP, subject: 'The kettle leaks', text: 'It drips.' });
  await server.deliver({ from: 'dora@customer.test', to: HELP, raw: mail.raw });
  kettle = await until(async () => (await server.api.get('/conversations?view=all')).items[0], 'the mail is there');
  await server.api.patch(`/conversations/${kettle.id}`, { assignee_id: (await server.api.get('/agents')).items.find((a) => a.name === OWNER.name).id });
  await openRow(mina, 'The kettle leaks');
  await mina.getByRole('button', { name: /^More actions/ }).first().click();
  await mina.getByRole('menuitem', { name: 'New side conversation' }).click();
  const form = mina.getByRole('dialog');
  await form.getByRole('textbox', { name: 'To' }).or(form.getByRole('combobox', { name: 'To' })).fill(`Lee Maker <${MAKER}>,`);
  await mina.keyboard.press('Enter');
  await form.getByRole('textbox', { name: 'Subject' }).fill('Kettle no. 7');
  await form.getByRole('textbox', { name: 'Message', exact: true }).click();
  await mina.keyboard.type('Can you repair it?');
  await accessible(mina, 'the form of a side conversation');
  await picture(mina, 'side-form');
  await form.getByRole('button', { name: 'Send' }).click();
  await panel().getByText('Can you repair it?').first().waitFor();
  const asked = await house.postfix.arrival('ada');
  assert.ok(!asked.headers.references, 'it leads into no thread of the customer');

  await mina.goto('/inbox/unassigned');
  await answer(asked, 'Send it to us, please.');
  await until(async () => (await sides())[0]?.unread, 'the answer is there, unread', 30_000);
  assert.equal((await server.api.get(`/conversations/${kettle.id}`)).unread, true, 'and so is its parent');
  assert.equal((await server.api.get('/conversations?view=all')).items.length, 1, 'it stands in no list');
  await mina.goto('/inbox/all_open');
  await openRow(mina, 'The kettle leaks');
  await mina.getByText('Lee Maker answered in a side conversation').waitFor();
  await mina.getByRole('button', { name: /Unread: Kettle no. 7/ }).waitFor();
  await accessible(mina, 'a side conversation in the context');
  await picture(mina, 'side-unread');
  await mina.getByRole('button', { name: /Kettle no. 7/ }).click();
  await panel().getByText('Send it to us, please.').first().waitFor();
  await until(async () => !(await sides())[0].unread, 'what was shown is read');
  assert.equal(await mina.getByRole('main').getByText('Send it to us, please.').count(), 0, 'the thread stays the customer’s');
});

house.journey('the answer to it goes to the supplier, and it is done', async () => {
  const text = panel().getByRole('textbox', { name: 'Your answer' });
  await text.click();
  await mina.keyboard.type('It is on its way.');
  await panel().getByRole('button', { name: 'Send', exact: true }).click();
  await panel().locator('article.msg').filter({ hasText: 'It is on its way.' }).waitFor();
  await house.postfix.arrival('ada', (one) => one.text.includes('It is on its way.'));
  await panel().getByRole('button', { name: 'Mark as done' }).click();
  await panel().getByText('Done', { exact: true }).waitFor();
  await accessible(mina, 'a side conversation beside the thread');
  await picture(mina, 'side-open');
  assert.equal(house.postfix.mailbox('dora').length, 0, 'the customer got nothing of it');
});

house.journey('a message is forwarded, and the search finds the answer and names where it belongs', async () => {
  await panel().getByRole('button', { name: 'Back to the customer' }).click();
  const first = message(mina, 'It drips.');
  await first.hover();
  await first.getByRole('button', { name: 'More about this message' }).click();
  await mina.getByRole('menuitem', { name: 'Forward' }).click();
  const form = mina.getByRole('dialog');
  await form.getByRole('textbox', { name: 'To' }).or(form.getByRole('combobox', { name: 'To' })).fill('bo@customer.test');
  await form.getByRole('textbox', { name: 'Introduction' }).click();
  await mina.keyboard.type('Please have a look.');
  await accessible(mina, 'the form that forwards');
  await picture(mina, 'side-forward');
  await form.getByRole('button', { name: 'Send' }).click();
  const passed = await house.postfix.arrival('bo');
  assert.match(passed.headers.subject, /^Fwd: The kettle leaks/);
  assert.match(passed.text, /Please have a look\.[\s\S]*Forwarded message[\s\S]*From: Hana Mori <dora@customer\.test>[\s\S]*It drips\./);
  await mina.goto('/inbox/search?q=Send%20it%20to%20us');
  await row(mina, /Beside #\d+ The kettle leaks/).first().waitFor();
  await picture(mina, 'side-found');
  await row(mina, 'Lee Maker').first().click();
  await mina.waitForURL(new RegExp(kettle.id));
  await panel().getByText('Send it to us, please.').first().waitFor();
  await editor(mina).first().waitFor();
});
