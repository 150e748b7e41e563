import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessible, picture } from '../lib/browser.mjs';
import { editor, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { scratch } from '../lib/scratch.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const MIB = 1024 * 1024;
let server;
let page;
let conversation;
/** Where pieces that reached the server began. */
const offsets = [];
/** How many more pieces pass before the line is cut. */
let passes = Number.POSITIVE_INFINITY;

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const file = () => page.locator('.upl');

house.journey('a large file goes on where it was, after a cut line, a reload and a restart, and is the same in the end', async () => {
  server = await house.server();
  await server.setUp();
  const inbox = await server.inbox();
  conversation = await server.api.post('/conversations', { inbox_id: inbox.id, customer: { email: 'ada@customer.test', name: 'Ada Lee' }, subject: 'The film', text: 'Please send it', direction: 'incoming' });
  page = await house.desk(server, OWNER);
  await page.route('**/api/v1/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    if (passes <= 0) return route.abort('connectionreset');
    passes -= 1;
    offsets.push(Number(await route.request().headerValue('upload-offset')));
    await route.continue();
  });
  const bytes = Buffer.alloc(11 * MIB + 12_345);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, Math.min(at, bytes.length - 4));
  const path = join(scratch('film'), 'film.bin');
  writeFileSync(path, bytes);
  await openRow(page, 'The film');
  await editor(page).click();
  await page.keyboard.type('Here it is');
  passes = 1;
  await page.locator('input[type=file]').first().setInputFiles(path);
  await file().getByText('film.bin').waitFor();
  await page.locator('.upl[data-failed]').waitFor();
  assert.deepEqual(offsets, [0]);
  await accessible(page, 'a large file that was stopped');
  await picture(page, 'pieces-stopped');

  // The page is loaded anew, and the server is another process.
  await page.reload();
  await page.locator('.upl[data-failed]').waitFor();
  await server.stop('SIGKILL');
  await server.run();
  passes = Number.POSITIVE_INFINITY;
  await page.reload();
  await until(async () => (await file().count()) === 1 && (await file().locator('[role=progressbar]').count()) === 0 && (await page.locator('.upl[data-failed]').count()) === 0, 'it has arrived');
  assert.deepEqual(offsets, [0, 4 * MIB, 8 * MIB], 'nothing went twice');
  const draft = await until(async () => {
    const kept = await server.api.get(`/conversations/${conversation.id}/draft`).catch(() => null);
    return kept?.attachments.length === 1 ? kept : null;
  }, 'the draft has it');
  const back = await fetch(`${server.url}/api/v1/attachments/${draft.attachments[0].id}`, { headers: server.api.headers });
  assert.equal(hash(Buffer.from(await back.arrayBuffer())), hash(bytes));
  // It is kept nowhere any more.
  await page.reload();
  await file().getByText('film.bin').waitFor();
  assert.equal(await file().count(), 1);
});

house.journey('a file that is taken out again is given up', async () => {
  const path = join(scratch('film'), 'other.bin');
  writeFileSync(path, Buffer.alloc(9 * MIB, 7));
  passes = 1;
  await page.locator('input[type=file]').first().setInputFiles(path);
  const other = file().filter({ hasText: 'other.bin' });
  await page.locator('.upl[data-failed]').waitFor();
  await other.getByRole('button', { name: /Remove/ }).click();
  await other.waitFor({ state: 'detached' });
  await page.reload();
  await file().getByText('film.bin').waitFor();
  assert.equal(await file().count(), 1);
});
