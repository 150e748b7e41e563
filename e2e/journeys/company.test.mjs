import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let page;
let inbox;

const ask = (email, subject, name) => server.api.post('/conversations', { inbox_id: inbox.id, customer: { email, name }, subject, text: `About ${subject}`, direction: 'incoming' });

house.journey('a company is made, takes in those who wrote before, and new ones join by themselves', async () => {
  server = await house.server();
  await server.setUp();
  inbox = await server.inbox();
  await ask('early@acme.test', 'The first cup', 'Early Bird');
  page = await house.desk(server, OWNER);
  await page.goto('/customers');
  await page.getByRole('link', { name: 'Companies' }).click();
  await page.getByText('No companies yet').waitFor();
  await accessible(page, 'companies, none yet');
  await page.getByRole('main').or(page.locator('.list')).getByRole('button', { name: 'New company' }).last().click();
  const dialog = page.getByRole('dialog', { name: 'New company' });
  await dialog.getByLabel('Name').fill('Acme Trading');
  await dialog.getByLabel('Mail domains').fill('gmail.com');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/Anybody can have an address/).waitFor();
  await accessible(page, 'a company that does not fit');
  await dialog.getByLabel('Mail domains').fill('https://www.acme.test/about');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Acme Trading', level: 1 }).waitFor();
  await page.getByText('One customer writes from acme.test or a subdomain and is in no company.').waitFor();
  await accessible(page, 'a company with an offer');
  await picture(page, 'company-offer');
  await page.getByRole('button', { name: 'Take them in' }).click();
  await page.getByText('One customer is in Acme Trading now').waitFor();
  await page.getByRole('main').getByRole('link', { name: /early@acme.test/ }).waitFor();
  await page.getByRole('main').getByRole('link', { name: /The first cup/ }).waitFor();
  await ask('late@acme.test', 'The second cup', 'Late Owl');
  await page.getByRole('main').getByRole('link', { name: /The second cup/ }).waitFor();
  await picture(page, 'company-page');
});

house.journey('beside a conversation stands the company with what else is open', async () => {
  await page.goto('/inbox/all_open');
  await openRow(page, 'The second cup');
  const context = page.getByRole('complementary', { name: 'Customer' });
  await context.getByRole('link', { name: 'Acme Trading' }).waitFor();
  await context.getByRole('link', { name: /The first cup/ }).waitFor();
  await accessible(page, 'a conversation with a company');
  await context.getByRole('link', { name: 'Late Owl' }).first().click();
  await page.getByRole('heading', { name: 'Late Owl' }).waitFor();
  const main = page.getByRole('main');
  const phone = main.locator('section').filter({ hasText: 'Phone' });
  await phone.getByRole('button', { name: 'Add' }).click();
  await page.keyboard.type('+82 10-1234-5678');
  await phone.getByRole('button', { name: 'Save' }).click();
  await main.getByRole('link', { name: '+82 10-1234-5678' }).waitFor();
  await accessible(page, 'a customer with a company and a phone number');
  await page.getByRole('searchbox', { name: 'Find a customer' }).fill('010 1234 5678');
  await page.getByRole('navigation', { name: 'Customers' }).last().getByRole('link', { name: /Late Owl/ }).waitFor();
  await picture(page, 'customer-page');
});

house.journey('companies are found, asked for in a typed query, and chosen in the filter builder', async () => {
  await page.goto('/inbox/search?q=acm');
  await page.getByRole('navigation', { name: 'Companies' }).getByRole('link', { name: /Acme Trading/ }).waitFor();
  const field = page.getByRole('combobox', { name: /Search/ });
  await field.fill('');
  await field.pressSequentially('company:acm');
  await page.getByRole('option', { name: 'Acme Trading', exact: true }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await field.inputValue(), 'company:"Acme Trading" ');
  await row(page, 'The first cup').waitFor();
  await page.getByRole('button', { name: 'Save as view' }).click();
  const dialog = page.getByRole('dialog', { name: 'New view' });
  await dialog.getByLabel('Name').fill('Acme');
  await dialog.getByRole('button', { name: /Value of Company: Acme Trading/ }).waitFor();
  await dialog.getByRole('button', { name: /Value of Company/ }).click();
  const found = page.getByRole('dialog', { name: 'Value of Company' });
  await found.getByRole('searchbox').fill('acme');
  await found.getByRole('option', { name: /Acme Trading/ }).waitFor();
  // The first empties the field.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await found.waitFor({ state: 'detached' });
  await dialog.getByText('The first cup').waitFor();

  await dialog.getByRole('button', { name: 'Add column' }).click();
  const columns = page.getByRole('dialog', { name: 'Columns' });
  for (const one of ['Requester', 'Company', 'Priority', 'Created']) await columns.getByRole('option', { name: one, exact: true }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Move the column Priority forward' }).click();
  await dialog.getByRole('button', { name: /Divide by/ }).click();
  await page.getByRole('option', { name: 'Assignee' }).click();
  await accessible(page, 'a view with columns');
  await picture(page, 'view-columns');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
});

house.journey('a view with columns is a table while nothing is open, divided, sorted by its headings, and live', async () => {
  const grid = page.getByRole('grid', { name: 'Acme' });
  await grid.waitFor();
  assert.deepEqual(await grid.getByRole('columnheader').allInnerTexts(), ['Subject', 'Requester', 'Priority', 'Company', 'Created']);
  await grid.getByText('Unassigned').first().waitFor();
  const { items } = await server.api.get('/conversations?view=all_open');
  const first = items.find((c) => c.subject === 'The first cup');
  await server.api.patch(`/conversations/${first.id}`, { priority: 'urgent' });
  await grid.getByRole('row', { name: /The first cup/ }).getByText('Urgent').waitFor();
  await accessible(page, 'a table');
  await picture(page, 'table');
  await grid.getByRole('button', { name: 'Priority' }).click();
  await until(async () => (await grid.getByRole('columnheader', { name: 'Priority' }).getAttribute('aria-sort')) === 'descending', 'sorted by priority');
  await until(async () => /The first cup/.test(await grid.getByRole('row').nth(1).innerText()), 'the urgent one first');
  await grid.getByRole('button', { name: 'Priority' }).click();
  await until(async () => /The second cup/.test(await grid.getByRole('row').nth(1).innerText()), 'the urgent one last');

  await server.api.patch(`/conversations/${first.id}`, { assignee_id: server.api.me.agent.id });
  await page.reload();
  await grid.locator('.group-head').nth(1).waitFor();
  assert.deepEqual(await grid.locator('.group-head .num').allInnerTexts(), ['1', '1']);
  await ask('third@acme.test', 'The third cup', 'Third');
  await page.getByRole('button', { name: /1 new/ }).click();
  await grid.getByRole('row', { name: /The third cup/ }).waitFor();
  await until(async () => (await grid.locator('.group-head .num').allInnerTexts()).join() === '1,2', 'the headings count along');

  await page.keyboard.press('j');
  await page.locator('.conv-row[data-cursor]').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByRole('region', { name: 'What is selected' }).getByText('1 selected').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.getByRole('listbox', { name: 'Acme' }).waitFor();
  await page.locator('.group-head').first().waitFor();
  await accessible(page, 'a divided list beside a conversation');
  await picture(page, 'divided-list');
});

house.journey('on a phone the view is a list, divided as well', async () => {
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true });
  const { items } = await server.api.get('/views');
  await phone.goto(`/inbox/${items[0].id}`);
  await phone.getByRole('listbox', { name: 'Acme' }).waitFor();
  await phone.locator('.group-head').first().waitFor();
  await accessible(phone, 'a divided list on a phone');
  await picture(phone, 'divided-phone');
  await phone.goto('/companies');
  await phone.getByRole('link', { name: /Acme Trading/ }).click();
  await phone.getByRole('heading', { name: 'Acme Trading' }).waitFor();
  await accessible(phone, 'a company on a phone');
  await picture(phone, 'company-phone');
});

house.journey('everything that one follows is worked on as a whole, and counted beside the name', async () => {
  const { items } = await server.api.get('/conversations?view=all_open');
  for (const one of items) await server.api.put(`/conversations/${one.id}/follow`, { follows: true });
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: new RegExp(`Following\\s*${items.length}`) }).waitFor();
  await page.goto('/inbox/following');
  await row(page, 'The third cup').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  const bar = page.getByRole('region', { name: 'What is selected' });
  await bar.getByRole('button', { name: new RegExp(`all ${items.length}`, 'i') }).click();
  await bar.getByRole('button', { name: 'Resolve' }).click();
  await until(async () => (await server.api.get('/conversation-counts')).following === 0, 'all of them resolved');
});

house.journey('two companies become one, and one is deleted', async () => {
  await server.api.post('/companies', { name: 'Acme GmbH', domains: ['acme-gmbh.test'] });
  await page.goto('/companies');
  await page.getByRole('link', { name: /Acme GmbH/ }).click();
  await page.getByRole('button', { name: 'Merge “Acme GmbH” into another' }).click();
  const dialog = page.getByRole('dialog', { name: /Merge/ });
  await dialog.getByRole('button', { name: /Into which company/ }).click();
  await page.getByRole('option', { name: /Acme Trading/ }).click();
  await accessible(page, 'merging companies');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByRole('heading', { name: 'Acme Trading', level: 1 }).waitFor();
  await page.getByText('acme-gmbh.test').first().waitFor();
  await page.getByRole('button', { name: 'Delete “Acme Trading”' }).click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('No companies yet').waitFor();
});

house.journey('companies in Korean', async () => {
  const api = await server.signIn(OWNER);
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'ko' });
  await server.api.post('/companies', { name: '주식회사 하루상사', domains: ['harusangsa.test'] });
  await page.goto('/companies');
  await page.getByRole('link', { name: /주식회사 하루상사/ }).click();
  await page.getByRole('heading', { name: '주식회사 하루상사', level: 1 }).waitFor();
  await accessible(page, 'a company in Korean');
  await picture(page, 'company-ko');
});
