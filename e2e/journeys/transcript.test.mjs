import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const ADA = 'ada@customer.test';
const HELP = 'help@shop.test';
let server;
let page;
let conversation;

house.journey('the customer gets the whole conversation in one mail, without its notes', async () => {
  server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  page = await house.desk(server, OWNER);
  await house.postfix.send({ from: ADA, to: HELP, raw: letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'The cup', text: 'Where is my cup?' }).raw });
  await row(page, 'The cup').waitFor();
  [conversation] = (await server.api.get('/conversations')).items;
  const path = `/conversations/${conversation.id}`;
  await server.api.post(`${path}/replies`, { html: '<p>It left on <b>Monday</b>.</p>', to: [{ address: ADA }] });
  await house.postfix.arrival('ada', (one) => one.text.includes('It left on Monday'));
  await server.api.post(`${path}/notes`, { text: 'CANARY inside' });
  const before = await server.api.get(path);
  await openRow(page, 'The cup');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: /Send the conversation by mail/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Send the conversation by mail' });
  assert.equal(await dialog.getByRole('textbox', { name: 'To' }).inputValue(), ADA);
  assert.equal(await dialog.getByRole('checkbox', { name: 'With internal notes' }).isDisabled(), true);
  await accessible(page, 'the dialog that sends a conversation');
  await picture(page, 'transcript-dialog');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText(`On its way to ${ADA}`).waitFor();
  const mail = await house.postfix.arrival('ada', (one) => one.headers.subject.startsWith('Transcript: The cup'));
  for (const body of [mail.text, mail.html]) {
    assert.match(body, /Where is my cup\?/);
    assert.match(body, /Monday/);
    assert.doesNotMatch(body, /CANARY/);
  }
  assert.match(mail.html, /<b>Monday<\/b>/);
  await page.locator('.ev').filter({ hasText: `sent the conversation to ${ADA}` }).waitFor();
  const after = await server.api.get(path);
  assert.deepEqual([after.status, after.waiting_since], [before.status, before.waiting_since]);
});

house.journey('a colleague gets the notes too, from the palette', async () => {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What would you like to do?').fill('conversation by mail');
  await page.getByRole('option', { name: /Send the conversation by mail/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Send the conversation by mail' });
  await dialog.getByRole('textbox', { name: 'To' }).fill('nobody here');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.getByText('nobody is no mail address.').waitFor();
  await dialog.getByRole('textbox', { name: 'To' }).fill('');
  await dialog.getByRole('button', { name: 'Me', exact: true }).click();
  await dialog.getByText('With internal notes').click();
  await dialog.getByRole('radio', { name: '한국어' }).or(dialog.getByRole('tab', { name: '한국어' })).first().click();
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  const mail = await house.postfix.arrival('mina', (one) => one.headers.subject.startsWith('대화 내용: The cup'));
  assert.match(mail.text, /CANARY inside/);
  assert.match(mail.html, /내부 메모/);
  await until(async () => (await page.locator('.ev').filter({ hasText: 'with its notes' }).count()) === 1, 'the thread says so');
});
