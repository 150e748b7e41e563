import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { row } from '../lib/desk.mjs';
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
const rows = (page) => page.getByRole('option').filter({ has: page.locator('.t1') });

house.journey('a filter is put together with the keyboard, saved as a view, and keeps itself up to date', async () => {
  server = await house.shop();
  await write(1, 'The lid does not fit', 'It is too small.');
  await write(2, 'Where is my parcel', 'It should be here.');
  const { items } = await until(async () => {
    const page = await server.api.get('/conversations?view=all_open');
    return page.items.length === 2 && page;
  }, 'two conversations');
  const lid = items.find((one) => one.subject === 'The lid does not fit');
  await server.api.patch(`/conversations/${lid.id}`, { priority: 'urgent' });
  mina = await house.desk(server, OWNER);

  await mina.getByRole('button', { name: 'New view' }).focus();
  await mina.keyboard.press('Enter');
  const dialog = mina.getByRole('dialog', { name: 'New view' });
  await dialog.getByLabel('Name').waitFor();
  await mina.keyboard.type('Urgent ones');
  await dialog.getByRole('button', { name: 'Add condition' }).focus();
  await mina.keyboard.press('Enter');
  const fields = dialog.getByRole('button', { name: /Field/ });
  await fields.last().focus();
  await mina.keyboard.press('Enter');
  await mina.getByRole('option', { name: 'Priority' }).waitFor();
  await mina.keyboard.type('Prio');
  await mina.keyboard.press('Enter');
  await dialog.getByRole('button', { name: /Value of Priority/ }).focus();
  await mina.keyboard.press('Enter');
  await mina.getByRole('dialog', { name: 'Value of Priority' }).waitFor();
  await mina.keyboard.type('urg');
  await mina.keyboard.press('ArrowDown');
  await mina.keyboard.press('Enter');
  await mina.keyboard.press('Escape');
  await dialog.getByText('The lid does not fit').waitFor();
  await accessible(mina, 'the filter builder');
  await picture(mina, 'view-editor');
  await dialog.getByRole('button', { name: 'Save' }).focus();
  await mina.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await mina.getByRole('heading', { name: 'Urgent ones' }).waitFor();
  await row(mina, 'The lid does not fit').waitFor();
  assert.equal(await row(mina, 'Where is my parcel').count(), 0);
  const views = mina.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: /Urgent ones\s*1/ }).waitFor();

  const parcel = items.find((one) => one.subject === 'Where is my parcel');
  await server.api.patch(`/conversations/${parcel.id}`, { priority: 'urgent' });
  await views.getByRole('link', { name: /Urgent ones\s*2/ }).waitFor();
  await mina.getByRole('button', { name: /1 new/ }).click();
  await row(mina, 'Where is my parcel').waitFor();
  assert.ok((await rows(mina).count()) >= 2);
});

house.journey('a typed query is completed, finds, says what it does not know, and becomes a view', async () => {
  const tag = await server.api.post('/tags', { name: '환불 요청', color: 'red' });
  const { items } = await server.api.get('/conversations?view=all_open');
  const lid = items.find((one) => one.subject === 'The lid does not fit');
  await server.api.put(`/conversations/${lid.id}/tags`, { tag_ids: [tag.id] });
  await mina.keyboard.press('/');
  const field = mina.getByRole('combobox', { name: /Search/ });
  await field.waitFor();
  await field.fill('');
  await mina.keyboard.type('is:open tag:환');
  await mina.getByRole('option', { name: '환불 요청', exact: true }).waitFor();
  await mina.keyboard.press('Tab');
  assert.equal(await field.inputValue(), 'is:open tag:"환불 요청" ');
  await row(mina, 'The lid does not fit').waitFor();
  assert.equal(await row(mina, 'Where is my parcel').count(), 0);
  await accessible(mina, 'a typed query');
  await field.fill('is:purple');
  await mina.getByText(/"purple" is no state/).waitFor();
  await field.fill('"too small"');
  await row(mina, 'The lid does not fit').waitFor();
  await mina.getByRole('button', { name: 'Save as view' }).click();
  const dialog = mina.getByRole('dialog', { name: 'New view' });
  await dialog.getByLabel('Name').fill('Too small');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await mina.getByRole('heading', { name: 'Too small' }).waitFor();
});

house.journey('views in Korean', async () => {
  const api = await server.signIn(OWNER);
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'ko' });
  await mina.reload();
  await mina.getByRole('heading', { name: '저장한 보기' }).waitFor();
  await mina.getByRole('button', { name: '새 보기' }).click();
  await mina.getByRole('dialog', { name: '새 보기' }).waitFor();
  await accessible(mina, 'the filter builder in Korean');
  await picture(mina, 'view-editor-ko');
});
