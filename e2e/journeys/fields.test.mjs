import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;
let mina;

const write = (n, subject, text) => {
  const from = `customer${n}@customer.test`;
  return server.deliver({ from, to: HELP, raw: letter({ from, name: `Customer ${n}`, to: HELP, subject, text }).raw });
};

house.journey('a field is defined, shows with a conversation, and is asked for when it is resolved', async () => {
  server = await house.shop();
  await write(1, 'The lid does not fit', 'It is too small.');
  await write(2, 'Where is my parcel', 'It should be here.');
  await until(async () => (await server.api.get('/conversations?view=all_open')).items.length === 2, 'two conversations');
  mina = await house.desk(server, OWNER);

  await mina.goto(`${server.url}/settings/fields`);
  await mina.getByText('No fields yet').waitFor();
  await accessible(mina, 'fields, none yet');
  await mina.getByRole('button', { name: 'New field' }).click();
  let dialog = mina.getByRole('dialog', { name: 'New field' });
  await dialog.getByLabel('Name in English').fill('Order number');
  await dialog.getByLabel('Name in Korean').fill('주문 번호');
  await dialog.getByRole('button', { name: /What it holds/ }).click();
  await mina.getByRole('option', { name: 'Text with a pattern' }).click();
  await dialog.getByRole('textbox', { name: 'Pattern' }).fill('[A-Z]{2}-[0-9]{4}');
  await dialog.getByText('Needed to resolve a conversation').click();
  await accessible(mina, 'a new field');
  await picture(mina, 'field-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await mina.getByText('field.order_number').waitFor();

  await mina.getByRole('button', { name: 'New field' }).click();
  dialog = mina.getByRole('dialog', { name: 'New field' });
  await dialog.getByLabel('Name in English').fill('Reason');
  await dialog.getByRole('button', { name: /What it holds/ }).click();
  await mina.getByRole('option', { name: 'One of several' }).click();
  await dialog.getByRole('textbox', { name: 'Option 1' }).fill('Damage');
  await dialog.getByRole('textbox', { name: 'Option 2' }).fill('Question');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await mina.getByRole('button', { name: 'Move Reason up' }).click();
  await until(async () => (await server.api.get('/fields')).items[0].key === 'reason', 'the other order');
  await accessible(mina, 'the list of fields');
  await picture(mina, 'fields-settings');

  await mina.goto(`${server.url}/inbox/all_open`);
  await openRow(mina, 'The lid does not fit');
  const card = mina.getByRole('region', { name: 'Fields' });
  await card.getByRole('button', { name: /Reason/ }).click();
  await mina.getByRole('option', { name: 'Damage' }).click();
  await mina.getByText(/changed Reason: – → Damage/).waitFor();
  const order = card.getByLabel('Order number');
  await order.fill('12');
  await order.press('Tab');
  await card.getByText('Write it like this: [A-Z]{2}-[0-9]{4}').waitFor();
  await accessible(mina, 'the fields of a conversation');
  await picture(mina, 'fields-card');
  await order.fill('');
  await order.press('Tab');
  await card.getByText('Write it like this').waitFor({ state: 'detached' });

  await mina.getByRole('button', { name: /^Resolve/ }).first().click();
  const ask = mina.getByRole('dialog', { name: 'Before it is resolved' });
  await ask.getByRole('button', { name: 'Resolve' }).click();
  await ask.getByText('Fill this in.').waitFor();
  await accessible(mina, 'the dialog that asks for fields');
  await picture(mina, 'fields-ask');
  await ask.getByLabel('Order number').fill('AB-1234');
  await ask.getByRole('button', { name: 'Resolve' }).click();
  await ask.waitFor({ state: 'detached' });
  const lid = await until(async () => {
    const page = await server.api.get('/conversations?view=resolved');
    return page.items.length === 1 && page.items[0];
  }, 'one resolved');
  assert.equal(lid.subject, 'The lid does not fit');
  assert.deepEqual((await server.api.get(`/conversations/${lid.id}`)).fields, { order_number: 'AB-1234', reason: 'damage' });
});

house.journey('a typed query asks for a field, is completed, and becomes a view', async () => {
  await mina.keyboard.press('/');
  const field = mina.getByRole('combobox', { name: /Search/ });
  await field.waitFor();
  await field.fill('');
  await mina.keyboard.type('field.rea');
  await mina.getByRole('option', { name: 'field.reason:' }).waitFor();
  await mina.keyboard.press('Tab');
  await mina.keyboard.type('Dam');
  await mina.getByRole('option', { name: 'Damage' }).waitFor();
  await mina.keyboard.press('Tab');
  await row(mina, 'The lid does not fit').waitFor();
  assert.equal(await row(mina, 'Where is my parcel').count(), 0);
  await mina.getByRole('button', { name: 'Save as view' }).click();
  const dialog = mina.getByRole('dialog', { name: 'New view' });
  await dialog.getByRole('button', { name: /Value of Reason: Damage/ }).waitFor();
  await dialog.getByText('The lid does not fit').waitFor();
  await picture(mina, 'fields-view');
  await dialog.getByLabel('Name').fill('Damage');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await mina.getByRole('heading', { name: 'Damage' }).waitFor();
  await row(mina, 'The lid does not fit').waitFor();
});

house.journey('fields in Korean', async () => {
  const api = await server.signIn(OWNER);
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'ko' });
  await mina.goto(`${server.url}/settings/fields`);
  await mina.getByRole('heading', { name: '항목', level: 1 }).waitFor();
  await mina.getByText('주문 번호', { exact: true }).waitFor();
  await accessible(mina, 'fields in Korean');
  await picture(mina, 'fields-settings-ko');
});
