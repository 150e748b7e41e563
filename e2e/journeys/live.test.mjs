import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { message, note, openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;
let mina;
let jun;
let junsApi;

const write = (n, subject, text, more = {}) => {
  const from = `customer${n}@customer.test`;
  return server.deliver({ from, to: HELP, raw: letter({ from, name: `Customer ${n}`, to: HELP, subject, text, ...more }).raw });
};

/** Milliseconds from `act` until the page has drawn `text`, by the page's own eyes. */
async function untilDrawn(page, text, act) {
  const seen = page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const look = () => document.body.innerText.includes(wanted) && (observer.disconnect(), resolve(Date.now()));
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        setTimeout(() => resolve(null), 10_000);
        look();
      }),
    text,
  );
  const began = Date.now();
  await act();
  const acted = Date.now();
  const at = await seen;
  assert.ok(at, `“${text}” did not appear`);
  return { all: at - began, afterAnswer: at - acted };
}

house.journey('a second agent sees a new mail, a note and an assignment without doing anything', async (t) => {
  server = await house.shop();
  const person = server.agent({ name: 'Jun Lee', email: 'jun@team.test' });
  mina = await house.desk(server, OWNER);
  jun = await house.desk(server, person);
  junsApi = await server.signIn(person);

  const mail = await untilDrawn(jun, 'The lid does not fit', () => write(1, 'The lid does not fit', 'It is too small.'));
  await openRow(mina, 'The lid does not fit');
  await openRow(jun, 'The lid does not fit');
  await message(mina, 'It is too small.').waitFor();
  await accessible(jun, 'two people in one conversation');

  const { items } = await server.api.get('/conversations?view=all_open');
  const id = items[0].id;
  const noted = await untilDrawn(jun, 'Ask the workshop first', () => server.api.post(`/conversations/${id}/notes`, { text: 'Ask the workshop first' }));
  await message(mina, 'Ask the workshop first').waitFor();
  const assigned = await untilDrawn(mina, 'assigned it to Jun Lee', () => server.api.patch(`/conversations/${id}`, { assignee_id: junsApi.me.agent.id })).catch(async () => {
    await mina.getByRole('button', { name: 'Assigned to Jun Lee' }).waitFor();
    return { all: Number.NaN, afterAnswer: Number.NaN };
  });
  await jun.getByRole('button', { name: 'Assigned to Jun Lee' }).waitFor();
  await jun.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Mine\s*1/ }).waitFor();
  t.diagnostic(`from the act to the other screen, in ms: mail ${mail.all} (${mail.afterAnswer} after the 250), note ${noted.all} (${noted.afterAnswer} after the answer), assignment ${assigned.all} (${assigned.afterAnswer})`);

  await note(mina, 'Written on the screen');
  await message(jun, 'Written on the screen').waitFor();
  assert.equal(await message(mina, 'Written on the screen').count(), 1, 'the stand-in and the event are one');
});

house.journey('after a break the screen has everything once, and in order', async () => {
  const { items } = await server.api.get('/conversations?view=all_open');
  const id = items[0].id;
  const link = await jun.context().newCDPSession(jun);
  await link.send('Network.enable');
  const offline = (off) => link.send('Network.emulateNetworkConditions', { offline: off, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await offline(true);
  for (let n = 1; n <= 12; n += 1) await server.api.post(`/conversations/${id}/notes`, { text: `missed note ${n}.` });
  await write(2, 'Sent during the break', 'Hello?');
  await offline(false);
  await jun.evaluate(() => dispatchEvent(new Event('online')));
  await message(jun, 'missed note 12.').waitFor({ timeout: 30_000 });
  const texts = await jun.locator('article.msg').allInnerTexts();
  const found = texts.flatMap((text) => /missed note (\d+)\./.exec(text)?.slice(1).map(Number) ?? []);
  assert.deepEqual(found, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  await until(async () => /All open\s*2/.test(await jun.getByRole('navigation', { name: 'Views' }).innerText()), 'the count knows of the mail');
  const pill = jun.getByRole('button', { name: /\d new/ });
  if (await pill.count()) await pill.click();
  await row(jun, 'Sent during the break').waitFor();
  assert.equal(await row(jun, 'Sent during the break').count(), 1);
  // And it is live again.
  await server.api.post(`/conversations/${id}/notes`, { text: 'after the break' });
  await message(jun, 'after the break').waitFor();
});

house.journey('the server is restarted and the screens go on by themselves', async () => {
  const { items } = await server.api.get('/conversations?view=all_open&sort=oldest');
  const id = new URL(jun.url()).pathname.split('/').pop();
  assert.ok(items.some((c) => c.id === id));
  await server.stop();
  await server.run();
  await server.api.post(`/conversations/${id}/notes`, { text: 'written after the restart' });
  await message(jun, 'written after the restart').waitFor({ timeout: 40_000 });
  assert.equal(await message(jun, 'written after the restart').count(), 1);
});

house.journey('who is deactivated is put out at once', async () => {
  await server.api.post(`/agents/${junsApi.me.agent.id}/deactivate`);
  await jun.waitForURL(/sign-in/);
  await accessible(jun, 'signed out');
  await assert.rejects(junsApi.get('/session'), { status: 401 });
});
