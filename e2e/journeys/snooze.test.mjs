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
let page;

const mail = (subject, text) => letter({ from: 'ada@customer.test', name: 'Ada Lee', to: HELP, subject, text });
const write = (subject, text) => server.deliver({ from: 'ada@customer.test', to: HELP, raw: mail(subject, text).raw });
const statusOf = async (subject) => (await server.api.get(`/conversations?view=all&limit=50`)).items.find((c) => c.subject === subject)?.status;
/** Nine in the morning of the day after this one, in Seoul, where there is no daylight saving. */
const tomorrowAtNine = () => {
  const seoul = new Date(Date.now() + 9 * 3_600_000);
  return new Date(Date.UTC(seoul.getUTCFullYear(), seoul.getUTCMonth(), seoul.getUTCDate() + 1) + 0).toISOString();
};

house.journey('a time is typed as one says it, shown as it was understood, and taken by Enter', async () => {
  server = await house.server();
  await server.setUp();
  await server.inbox();
  for (const subject of ['Lid', 'Cup', 'Jar']) await write(subject, 'Please look at this.');
  page = await house.desk(server, OWNER);
  await openRow(page, 'Lid');
  await page.keyboard.press('Escape');
  await openRow(page, 'Lid');
  await page.keyboard.press('z');
  const field = page.getByRole('combobox', { name: 'When should it come back?' });
  await field.waitFor();
  await page.getByRole('option', { name: 'Tomorrow morning' }).waitFor();
  await accessible(page, 'the times to snooze until');
  await page.keyboard.type('tomorrow 9');
  await page.getByRole('option', { name: /09:00/ }).waitFor();
  await picture(page, 'snooze');
  await page.keyboard.press('Enter');
  await until(async () => (await statusOf('Lid'))?.kind === 'snoozed', 'it sleeps');
  assert.equal(new Date((await statusOf('Lid')).until).toISOString(), tomorrowAtNine());
});

house.journey('what is no time says so, and nothing happens', async () => {
  await openRow(page, 'Cup');
  await page.keyboard.press('z');
  await page.getByRole('combobox', { name: 'When should it come back?' }).waitFor();
  await page.keyboard.type('blue yesterday');
  await page.getByText(/That is no time to come/).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.equal((await statusOf('Cup')).kind, 'open');
});

house.journey('until the customer answers: no time wakes it, their mail does', async () => {
  await page.keyboard.press('z');
  await page.getByRole('combobox', { name: 'When should it come back?' }).waitFor();
  await page.keyboard.type('until they answer');
  await page.getByRole('option', { name: 'Until the customer answers' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Snoozed until the customer answers').first().waitFor();
  await until(async () => (await statusOf('Cup'))?.kind === 'snoozed', 'it sleeps');
  assert.equal((await statusOf('Cup')).until, null);
  await page.goto('/inbox/snoozed');
  await row(page, 'Cup').waitFor();
  await accessible(page, 'what sleeps until an answer');
  const { items } = await server.api.get('/conversations?view=snoozed');
  const cup = items.find((c) => c.subject === 'Cup');
  await write(`Re: Cup [#${cup.number}]`, 'Here is my answer.');
  await until(async () => (await server.api.get(`/conversations/${cup.id}`)).status.kind === 'open', 'the answer wakes it');
});

house.journey('in Korean', async () => {
  const api = await server.signIn(OWNER);
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'ko' });
  await page.goto('/inbox/all_open');
  await openRow(page, 'Jar');
  await page.keyboard.press('Escape');
  await openRow(page, 'Jar');
  await page.keyboard.press('z');
  await page.getByRole('combobox', { name: '언제 다시 볼까요?' }).waitFor();
  await page.getByRole('combobox', { name: '언제 다시 볼까요?' }).fill('내일 오전 9시');
  await page.getByRole('option', { name: /09:00/ }).waitFor();
  await picture(page, 'snooze-ko');
  await page.keyboard.press('Enter');
  await until(async () => (await statusOf('Jar'))?.kind === 'snoozed', 'it sleeps');
  assert.equal(new Date((await statusOf('Jar')).until).toISOString(), tomorrowAtNine());
});
