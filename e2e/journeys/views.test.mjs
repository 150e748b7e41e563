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

/** A time of the day that is so many days from today, in Seoul, where the workspace and the browser are. */
const inSeoul = (days, hour) => {
  const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
  return new Date(Date.parse(`${today}T00:00:00+09:00`) + (days * 24 + hour) * 3_600_000).toISOString();
};
/** Chooses in a select of a dialog with the keyboard alone. */
const choose = async (button, option) => {
  await button.focus();
  await mina.keyboard.press('Enter');
  await mina.getByRole('listbox').getByRole('option', { name: option, exact: true }).waitFor();
  await mina.keyboard.type(option);
  await until(() => mina.evaluate((name) => document.activeElement?.textContent === name, option), `${option} has the focus`);
  await mina.keyboard.press('Enter');
  await until(() => mina.evaluate(() => document.activeElement?.getAttribute('role') !== 'option'), 'the list is closed');
};
const duePictures = async (name) => {
  for (const [width, scheme] of [[1440, 'light'], [1440, 'dark'], [390, 'light'], [390, 'dark']]) {
    await mina.setViewportSize({ width, height: 900 });
    await mina.emulateMedia({ colorScheme: scheme });
    await accessible(mina, `${name}, ${width} ${scheme}`);
    await picture(mina, `${name}-${width}-${scheme}`);
  }
  await mina.setViewportSize({ width: 1440, height: 900 });
  await mina.emulateMedia({ colorScheme: 'light' });
};

house.journey('what is due today is typed with completion, put together by keys, and is a view', async () => {
  await server.api.patch('/workspace', { time_zone: 'Asia/Seoul' });
  await write(3, 'The jar of next week', 'When does it come?');
  const { items } = await until(async () => {
    const page = await server.api.get('/conversations?view=all_open');
    return page.items.length === 3 && page;
  }, 'three conversations');
  const dues = { 'The lid does not fit': inSeoul(0, 23.5), 'Where is my parcel': inSeoul(1, 0), 'The jar of next week': inSeoul(7, 12) };
  for (const one of items) await server.api.patch(`/conversations/${one.id}`, { due_at: dues[one.subject] });
  const shown = (...subjects) =>
    until(async () => {
      const texts = await rows(mina).allTextContents();
      return texts.length === subjects.length && subjects.every((subject) => texts.some((text) => text.includes(subject)));
    }, subjects.join(' and '));

  await mina.keyboard.press('/');
  const field = mina.getByRole('combobox', { name: /Search/ });
  await field.fill('');
  await mina.keyboard.type('du');
  await mina.getByRole('option', { name: 'due:', exact: true }).waitFor();
  await mina.keyboard.press('Tab');
  await mina.getByRole('option', { name: 'next-week', exact: true }).waitFor();
  assert.equal(await mina.getByRole('alert').count(), 0, 'what is half typed is no fault');
  await duePictures('due-words');
  await field.focus();
  await mina.keyboard.type('tod');
  await mina.getByRole('option', { name: 'today', exact: true }).waitFor();
  await mina.keyboard.press('Tab');
  assert.equal(await field.inputValue(), 'due:today ');
  await shown('The lid does not fit');
  await field.fill('due:tomorrow');
  await shown('Where is my parcel');
  await field.fill('due:next-week');
  await shown('The jar of next week');
  await field.fill('created:today -due:next-week');
  await shown('The lid does not fit', 'Where is my parcel');
  await field.fill('due:someday');
  await mina.getByText(/"someday" is no time/).waitFor();
  await field.fill('');

  await mina.getByRole('button', { name: 'New view' }).focus();
  await mina.keyboard.press('Enter');
  const dialog = mina.getByRole('dialog', { name: 'New view' });
  await dialog.getByLabel('Name').waitFor();
  await mina.keyboard.type('Due today');
  await dialog.getByRole('button', { name: 'Add condition' }).focus();
  await mina.keyboard.press('Enter');
  await choose(dialog.getByRole('button', { name: /Field/ }).last(), 'Due');
  await choose(dialog.getByRole('button', { name: /How Due compares/ }), 'is');
  await dialog.getByRole('button', { name: /today/ }).waitFor();
  await dialog.getByText('The lid does not fit').waitFor();
  await choose(dialog.getByRole('button', { name: /today/ }), 'next week');
  await dialog.getByText('The jar of next week').waitFor();
  await choose(dialog.getByRole('button', { name: /next week/ }), 'today');
  await dialog.getByText('The lid does not fit').waitFor();
  await duePictures('due-builder');
  await dialog.getByRole('button', { name: 'Save' }).focus();
  await mina.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await mina.getByRole('heading', { name: 'Due today' }).waitFor();
  await shown('The lid does not fit');
  const views = mina.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: /Due today\s*1/ }).waitFor();
  await duePictures('due-view');
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
  await mina.keyboard.press('Escape');
  await mina.getByRole('link', { name: /Due today/ }).click();
  await row(mina, 'The lid does not fit').waitFor();
  await mina.getByRole('button', { name: /Due today.* 바꾸기/ }).click();
  await mina.getByRole('dialog', { name: /Due today/ }).getByRole('button', { name: /오늘/ }).waitFor();
  await duePictures('due-builder-ko');
});
