import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let page;
let refunds;

house.journey('a tag is merged into another: conversations, views and macros follow', async () => {
  server = await house.server();
  await server.setUp();
  await server.inbox();
  refunds = await server.api.post('/tags', { name: 'refunds', color: 'red' });
  await server.api.post('/tags', { name: 'refund', color: 'blue' });
  const raw = letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject: 'Money back', text: 'Please.' }).raw;
  await server.deliver({ from: 'ada@customer.test', to: 'help@shop.test', raw });
  const { items } = await until(async () => {
    const list = await server.api.get('/conversations?view=all_open');
    return list.items.length === 1 && list;
  }, 'the mail is there');
  await server.api.put(`/conversations/${items[0].id}/tags`, { tag_ids: [refunds.id] });
  const filter = { field: 'tag', operator: 'is_any_of', value: [refunds.id] };
  const view = await server.api.post('/views', { name: 'Refunds', folder: null, audience: { kind: 'personal' }, filter, sort: 'newest', position: 0 });
  page = await house.desk(server, OWNER);
  await page.goto('/settings/tags');
  await page.getByRole('button', { name: 'Merge refunds into another tag' }).click();
  const dialog = page.getByRole('dialog', { name: /Merge/ });
  await dialog.getByText('It is used by 1 conversation and 1 view.').waitFor();
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await dialog.getByText('Choose the tag that stays.').last().waitFor();
  await dialog.getByRole('button', { name: /Into/ }).click();
  await page.getByRole('option', { name: 'refund', exact: true }).click();
  await accessible(page, 'merging a tag');
  await picture(page, 'tag-merge');
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await page.getByText(/is now/).waitFor();
  assert.deepEqual((await server.api.get(`/conversations/${items[0].id}`)).tags.map((tag) => tag.name), ['refund']);
  assert.equal((await server.api.get(`/conversations?view_id=${view.id}`)).items.length, 1);
  await page.goto('/inbox/all_open');
  await page.locator('.conv').filter({ hasText: 'refund' }).waitFor();
});

house.journey('before a tag is deleted one is told what it is on', async () => {
  await page.goto('/settings/tags');
  await page.getByRole('button', { name: 'Delete refund', exact: true }).click();
  await page.getByText(/It is used by 1 conversation and 1 view/).waitFor();
  await accessible(page, 'deleting a tag');
  await page.getByRole('button', { name: 'Remove' }).or(page.getByRole('dialog').getByRole('button', { name: 'Delete' })).first().click();
  await until(async () => (await server.api.get('/tags')).items.length === 0, 'it is gone');
});
