import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
const CUSTOMERS = [
  { from: 'ada@customer.test', name: 'Ada Lind', box: 'ada' },
  { from: 'bo@customer.test', name: 'Bo Berg', box: 'bo' },
  { from: 'haneul@customer.test', name: '김하늘', box: 'haneul' },
];
let server;
let mina;
let problem;
let cases;

const named = async (subject) => (await server.api.get('/conversations?view=all&limit=100')).items.filter((c) => c.subject === subject);
const cells = (name) => mina.getByRole('region', { name });

house.journey('three customers’ conversations become cases of one problem', async () => {
  server = await house.shop();
  mina = await house.desk(server, OWNER);
  const write = async ({ from, name }, subject, text) => {
    const mail = letter({ from, name, to: HELP, subject, text });
    await server.deliver({ from, to: HELP, raw: mail.raw });
  };
  await write({ from: 'dora@customer.test', name: 'Dora' }, 'The new glaze cracks', 'All bowls of batch 12 crack.');
  for (const customer of CUSTOMERS) await write(customer, 'A crack in my bowl', 'My bowl has a crack.');
  cases = await until(async () => {
    const found = await named('A crack in my bowl');
    return found.length === 3 ? found : null;
  }, 'the mails are there');
  problem = (await named('The new glaze cracks'))[0];
  await openRow(mina, 'The new glaze cracks');
  await mina.getByRole('button', { name: /^More actions/ }).first().click();
  await mina.getByRole('menuitem', { name: 'Link conversations' }).click();
  const dialog = mina.getByRole('dialog');
  await dialog.getByRole('searchbox', { name: 'Search for conversations' }).fill('crack in my bowl');
  const offered = dialog.getByRole('listbox', { name: 'Conversations to link' }).getByRole('option');
  await until(async () => (await offered.count()) === 3, 'three are offered');
  for (let at = 0; at < 3; at++) await offered.nth(at).click();
  await accessible(mina, 'the dialog that links');
  await picture(mina, 'problem-link');
  await dialog.getByRole('button', { name: 'Link', exact: true }).click();
  await mina.getByText('3 cases of this problem').waitFor();
  await accessible(mina, 'a problem with its cases');
  await picture(mina, 'problem-cases');
});

house.journey('a case leads to its problem', async () => {
  await mina.goto(`/inbox/all_open/${cases[0].id}`);
  await cells('Case of a problem').getByRole('link', { name: /The new glaze cracks/ }).click();
  await mina.waitForURL(new RegExp(problem.id));
});

house.journey('solving the problem answers each customer in their own thread and resolves all', async () => {
  await cells('Cases of this problem').getByRole('button', { name: 'Solve' }).click();
  const dialog = mina.getByRole('dialog');
  const words = dialog.getByRole('textbox', { name: 'Answer to each customer' });
  await words.click();
  await mina.keyboard.type('Hello {{ customer.first_name }}, the glaze is mended.');
  await dialog.getByText(/^Hello (Ada|Bo|김하늘), the glaze is mended\.$/).waitFor();
  await accessible(mina, 'the dialog that solves');
  await picture(mina, 'problem-solve');
  await dialog.getByRole('button', { name: 'Answer 3 customers' }).click();
  await dialog.getByText('3 customers were answered.').waitFor();
  await accessible(mina, 'what became of the answers');
  await picture(mina, 'problem-solved');
  await dialog.getByRole('button', { name: 'Close' }).click();
  for (const { box, name } of CUSTOMERS) {
    const mail = await house.postfix.arrival(box, () => true, 40_000);
    assert.match(mail.text, new RegExp(`^Hello ${name.startsWith('김') ? name : name.split(' ')[0]}, the glaze is mended`));
    assert.match(mail.headers.subject, /A crack in my bowl/);
    assert.equal(house.postfix.mailbox(box).length, 1, 'each gets one mail');
  }
  for (const one of [problem, ...cases]) assert.equal((await server.api.get(`/conversations/${one.id}`)).status.kind, 'resolved');
});
