import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;

house.journey('a mail without any sender waits in quarantine with its reason and its bytes', async () => {
  server = await house.shop();
  const raw = 'Subject: Who am I?\r\nMessage-ID: <nobody@nowhere.test>\r\n\r\nNo sender anywhere.\r\n';
  await server.deliver({ from: '', to: 'help@shop.test', raw });
  const page = await house.desk(server, OWNER);
  await page.getByText('One mail could not be read').click();
  await page.waitForURL(/settings\/quarantine/);
  const item = page.getByRole('listitem').filter({ hasText: 'Who am I?' });
  await item.waitFor();
  await accessible(page, 'the quarantine');

  const [mail] = (await server.api.get('/inbound-mail?state=quarantined')).items;
  assert.deepEqual([mail.reason, mail.error], ['no_sender', 'the mail names no sender']);
  await item.getByText('It names no sender, so nobody could be answered.').waitFor();
  const bytes = (await server.api.raw('GET', `/inbound-mail/${mail.id}/raw`)).answer;
  assert.ok(bytes.endsWith(raw), 'what came in is kept byte for byte');

  await item.getByRole('button', { name: /Try/ }).click();
  await until(async () => (await server.api.get(`/inbound-mail/${mail.id}`)).attempts > mail.attempts, 'it is tried again');
  await item.waitFor();

  server.command(['mail', 'replay', '--quarantined']);
  await until(async () => (await server.api.get('/inbound-mail?state=quarantined')).items.length === 1, 'it comes back, for nothing changed');

  await item.getByRole('button', { name: /Discard/ }).click();
  await accessible(page, 'asking before a mail is discarded');
  await page.getByRole('alertdialog').or(page.getByRole('dialog')).getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Every mail was understood').waitFor();
  assert.equal((await server.api.get('/inbound-mail?state=quarantined')).items.length, 0);
});
