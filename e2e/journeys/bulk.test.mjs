import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const MANY = 240;
const house = new House();
let server;
let page;
let inbox;

const counts = () => server.api.get('/conversation-counts');
const bar = () => page.getByRole('region', { name: 'What is selected' });
const picked = () => page.locator('.conv[data-picked]').count();
const subject = (n) => `Question ${String(n).padStart(3, '0')}`;

house.journey('rows are picked by keys, in ranges too, and one key does something with all of them', async () => {
  server = await house.server();
  await server.setUp();
  inbox = await server.inbox();
  for (let n = 0; n < MANY; n += 1)
    await server.api.post('/conversations', { inbox_id: inbox.id, customer: { email: `c${n % 40}@customer.test` }, subject: subject(n), text: n % 2 ? 'About an invoice.' : 'About a lamp.', direction: 'incoming' });
  await server.api.post('/tags', { name: 'invoice', color: 'blue' });
  page = await house.desk(server, OWNER);
  await row(page, subject(MANY - 1)).waitFor();
  await page.keyboard.press('j');
  await page.locator('.conv[data-cursor]').waitFor();
  await page.keyboard.press('x');
  await bar().getByText('1 selected').waitFor();
  await page.keyboard.press('Shift+j');
  await page.keyboard.press('Shift+j');
  await bar().getByText('3 selected').waitFor();
  await page.keyboard.press('Shift+k');
  await bar().getByText('2 selected').waitFor();
  assert.equal(await picked(), 2);
  await accessible(page, 'a list with picked rows');
  await picture(page, 'bulk-bar');
  await page.keyboard.press('p');
  await page.getByRole('menuitem', { name: 'Urgent' }).click();
  await page.getByText('2 conversations changed').waitFor();
  await bar().waitFor({ state: 'detached' });
  assert.deepEqual(
    (await server.api.get('/conversations?q=priority:urgent')).items.map((c) => c.subject).sort(),
    [subject(MANY - 2), subject(MANY - 1)],
  );
  await page.keyboard.press('u');
  await page.getByText('Taken back').waitFor();
  assert.equal((await server.api.get('/conversation-total?q=priority:urgent')).total, 0);
});

house.journey('with the mouse: boxes on hover, Shift for a range, Escape lets go', async () => {
  await row(page, subject(MANY - 1)).hover();
  await page.locator('.conv:hover .pick').click();
  await row(page, subject(MANY - 5)).click({ modifiers: ['Shift'] });
  await bar().getByText('5 selected').waitFor();
  await row(page, subject(MANY - 3)).click();
  await bar().getByText('4 selected').waitFor();
  await page.keyboard.press('Escape');
  await bar().waitFor({ state: 'detached' });
  await row(page, subject(MANY - 1)).click();
  await page.waitForURL(/cnv_/);
});

house.journey('everything that a search finds is tagged by the server, and taken back', async () => {
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: /Search/ }).fill('invoice');
  await page.locator('.conv').first().waitFor();
  await page.getByRole('button', { name: 'Select several' }).click();
  await page.locator('.conv').first().click();
  await bar().getByRole('button', { name: 'Select all 120' }).click();
  await bar().getByText('All 120 selected').waitFor();
  await bar().getByRole('button', { name: 'Add a tag' }).click();
  await page.getByRole('dialog', { name: 'Add a tag' }).waitFor();
  await page.keyboard.type('inv');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('120 conversations changed').waitFor();
  assert.equal((await server.api.get('/conversation-total?q=tag:invoice')).total, 120);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await until(async () => (await server.api.get('/conversation-total?q=tag:invoice')).total === 0, 'the tag is off again');
});

house.journey('all of a view is thrown away after a question, and taken out again', async () => {
  await page.goto('/inbox/all_open');
  await row(page, subject(MANY - 1)).waitFor();
  await page.keyboard.press('j');
  await page.locator('.conv[data-cursor]').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('x');
  await bar().waitFor();
  await bar().getByRole('button', { name: `Select all ${MANY}` }).click();
  await page.keyboard.press('#');
  const ask = page.getByRole('dialog', { name: 'Delete' });
  await ask.waitFor();
  await accessible(page, 'the question before many are thrown away');
  await ask.getByRole('button', { name: `Do it for ${MANY} conversations` }).click();
  await page.getByText(`${MANY} conversations changed`).waitFor();
  assert.equal((await counts()).trash, MANY);
  await page.goto('/inbox/trash');
  await row(page, subject(MANY - 1)).waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+j');
  await bar().getByRole('button', { name: 'Take out of the trash' }).click();
  await page.getByText('2 conversations changed').waitFor();
  assert.equal((await counts()).all_open, 2);
});

house.journey('faults are shown with the conversations that they are of', async () => {
  await page.goto('/inbox/all_open');
  await page.locator('.conv').nth(1).waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+j');
  await bar().getByText('2 selected').waitFor();
  // One goes to the trash by another hand before the action comes to it.
  const { items } = await server.api.get('/conversations?view=all_open');
  await page.route('**/api/v1/bulk-actions', async (route) => {
    if (route.request().method() === 'POST') await server.api.put(`/conversations/${items[0].id}/shelf`, { kind: 'trash', block: false });
    await route.continue();
  });
  await page.keyboard.press('e');
  await page.getByText('1 conversation could not be changed').waitFor();
  await page.getByRole('button', { name: 'Show which' }).click();
  const dialog = page.getByRole('dialog', { name: '1 conversation could not be changed' });
  await dialog.getByRole('link', { name: new RegExp(items[0].subject) }).waitFor();
  await dialog.getByText(/It lies in the trash/).waitFor();
  await accessible(page, 'what could not be changed');
  await picture(page, 'bulk-faults');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.unroute('**/api/v1/bulk-actions');
});

house.journey('earlier ones stand in the settings: what became of each, and the way back', async () => {
  const jun = await server.signIn(server.agent({ name: 'Jun Seo', email: 'jun@team.test' }));
  const one = await server.api.post('/conversations', { inbox_id: inbox.id, customer: { email: 'ada@customer.test' }, subject: 'One more', text: 'Hello', direction: 'incoming' });
  const raise = (api, priority) => api.post('/bulk-actions', { conversation_ids: [one.id], actions: [{ kind: 'set_priority', priority }] });
  await raise(jun, 'high');
  const { id } = await raise(server.api, 'urgent');
  await until(async () => (await server.api.get(`/bulk-actions/${id}`)).state === 'done', 'it is done');
  await page.goto('/settings/bulk');
  const list = page.locator('.entries > li');
  await list.first().waitFor();
  await accessible(page, 'the list of bulk actions');
  await picture(page, 'bulk-list');
  const failed = list.filter({ hasText: '1 conversation could not be changed' }).first();
  await failed.getByRole('button', { name: /Show what failed|Show which/ }).click();
  await page.getByRole('dialog').getByText(/It lies in the trash/).waitFor();
  await accessible(page, 'what failed in an earlier bulk action');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  assert.equal(await list.filter({ hasText: 'Jun Seo' }).count(), 0, 'ones own first');
  await page.getByText('Everyone’s').click();
  const juns = list.filter({ hasText: 'Jun Seo' });
  await juns.waitFor();
  assert.equal(await juns.getByRole('button', { name: /^Undo/ }).count(), 0, 'it is theirs to take back');
  await page.getByText('Mine', { exact: true }).click();
  await list.filter({ hasText: /urgent/i }).first().getByRole('button', { name: /^Undo/ }).click();
  await until(async () => (await server.api.get(`/bulk-actions/${id}`)).state === 'undone', 'it is taken back');
  await list.filter({ hasText: 'Undone' }).first().waitFor();
  await server.api.put(`/conversations/${one.id}/status`, { status: { kind: 'resolved' } });
});

house.journey('on a phone, in Korean: a long touch picks, taps add, the bar acts', async () => {
  const api = await server.signIn(OWNER);
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'ko' });
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true });
  await phone.goto('/inbox/trash');
  const first = phone.locator('.conv').first();
  await first.waitFor();
  await first.dispatchEvent('pointerdown', { pointerType: 'touch', clientX: 200, clientY: 200, bubbles: true });
  const bottom = phone.getByRole('region', { name: '선택한 대화' });
  await bottom.getByText('1개 선택').waitFor();
  await first.dispatchEvent('pointerup', { pointerType: 'touch', bubbles: true });
  await first.dispatchEvent('click', { bubbles: true });
  await phone.locator('.conv').nth(1).tap();
  await phone.locator('.conv').nth(2).tap();
  await bottom.getByText('3개 선택').waitFor();
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await accessible(phone, 'picking on a phone');
  await picture(phone, 'bulk-phone-ko');
  await bottom.getByRole('button', { name: '휴지통에서 꺼내기' }).tap();
  await phone.getByText('대화 3개를 바꿨습니다').waitFor();
  await until(async () => (await counts()).all_open === 3, 'three are back');
});
