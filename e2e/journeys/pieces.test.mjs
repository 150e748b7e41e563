import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
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

/** A picture of more than 5 MiB, another one for each seed. */
function poster(seed) {
  const side = 1400;
  const pixels = Buffer.alloc(side * (1 + side * 3));
  for (let at = 0; at + 4 <= pixels.length; at += 4) pixels.writeUInt32LE((at * 2_654_435_761 + seed * 97_531) % 4_294_967_296, at);
  for (let row = 0; row < side; row++) pixels[row * (1 + side * 3)] = 0;
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(pixels, { level: 0 })), chunk('IEND', Buffer.alloc(0))]);
}
const paste = (bytes) =>
  editor(page).evaluate((field, coded) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(coded), (c) => c.charCodeAt(0))], 'poster.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, bytes.toString('base64'));
const standing = (state) => page.locator(`.pic[data-state=${state}]`);
/** The words of the composer, with its pictures between them. */
const written = () => editor(page).evaluate((field) => [...field.querySelectorAll('p')].flatMap((p) => [...p.childNodes].map((one) => (one.nodeType === 3 ? one.data.trim() : one.matches('.pic') ? 'PICTURE' : ''))).filter(Boolean).join(' '));
const draftOf = (id) => server.api.get(`/conversations/${id}/draft`).catch(() => null);
const letterTo = async (subject) => {
  const { items } = await server.api.get('/inboxes');
  const made = await server.api.post('/conversations', { inbox_id: items[0].id, customer: { email: 'ada@customer.test' }, subject, text: 'Which poster?', direction: 'incoming' });
  await page.goto(`/inbox/all_open/${made.id}`);
  await editor(page).click();
  return made.id;
};

house.journey('a large picture in the text goes on where it stood, after a cut line, a reload and a restart', async () => {
  passes = Number.POSITIVE_INFINITY;
  const id = await letterTo('The poster');
  const bytes = poster(1);
  offsets.length = 0;
  passes = 1;
  await page.keyboard.type('This one: ');
  await paste(bytes);
  await page.keyboard.type(' and no other.');
  await standing('failed').waitFor();
  await until(async () => (await draftOf(id))?.html.includes('no other'), 'the words are kept');
  assert.doesNotMatch((await draftOf(id)).html, /<img/);
  await page.reload();
  await standing('failed').waitFor();
  assert.equal(await written(), 'This one: PICTURE and no other.');
  assert.equal(await file().count(), 0, 'it is in the text, not beside it');
  await until(() => page.locator('.pic img').evaluate((img) => img.naturalWidth === 1400), 'it is seen while it is on its way');
  await accessible(page, 'a large picture that was stopped');
  await picture(page, 'pieces-picture-stopped');
  await server.stop('SIGKILL');
  await server.run();
  passes = Number.POSITIVE_INFINITY;
  await page.reload();
  await standing('here').waitFor();
  assert.deepEqual(offsets, [0, 4 * MIB], 'nothing went twice');
  const draft = await until(async () => {
    const kept = await draftOf(id);
    return kept?.attachments.length === 1 && kept;
  }, 'the draft has it');
  assert.match(draft.html, new RegExp(`This one: <img[^>]*${draft.attachments[0].id}[^>]*> and no other`));
  const back = await fetch(`${server.url}/api/v1/attachments/${draft.attachments[0].id}`, { headers: server.api.headers });
  assert.equal(hash(Buffer.from(await back.arrayBuffer())), hash(bytes));
  await page.reload();
  await until(async () => (await written().catch(() => '')) === 'This one: PICTURE and no other.', 'it stands there as any picture');
  assert.equal(await page.locator('.pic-bar').count(), 0);
});

house.journey('where other words stand by now, the picture goes on beside them', async () => {
  const id = await letterTo('The second poster');
  passes = 1;
  await page.keyboard.type('Look: ');
  await paste(poster(2));
  await standing('failed').waitFor();
  const draft = await until(async () => ((await draftOf(id))?.html.includes('Look') ? draftOf(id) : null), 'the words are kept');
  await page.goto('/inbox/all_open');
  await server.api.put(`/conversations/${id}/draft`, { kind: draft.kind, html: '<p>Written at home</p>', to: [], cc: [], bcc: [], attachment_ids: [], version: draft.version });
  await openRow(page, 'The second poster');
  await page.locator('.upl[data-failed]').getByText('poster.png').waitFor();
  assert.equal(await written(), 'Written at home');
  await accessible(page, 'a picture beside the text');
  await picture(page, 'pieces-picture-beside');
  passes = Number.POSITIVE_INFINITY;
  await page.reload();
  await until(async () => (await draftOf(id))?.attachments[0]?.filename === 'poster.png', 'it is a file of the draft');
  assert.equal(await file().count(), 1);
});

house.journey('a picture that was taken out of the text does not come back', async () => {
  const id = await letterTo('The third poster');
  passes = 1;
  await page.keyboard.type('None');
  await paste(poster(3));
  await standing('failed').waitFor();
  await page.keyboard.press('Backspace');
  await until(async () => (await written()) === 'None', 'it is out');
  await until(async () => (await draftOf(id))?.html.includes('None'), 'the words are kept');
  passes = Number.POSITIVE_INFINITY;
  const givenUp = page.waitForRequest((request) => request.method() === 'DELETE' && request.url().includes('/uploads/'));
  await page.reload();
  await givenUp;
  assert.equal(await written(), 'None');
  assert.equal(await file().count(), 0);
});

house.journey('a saved reply that brings a file leaves a picture on its way where it is', async () => {
  const { answer } = await server.api.raw('POST', '/attachments?filename=sizes.txt', 'A1 and A2', { 'content-type': 'text/plain' });
  await server.api.post('/saved-replies', { name: 'Sizes', visibility: { kind: 'everyone' }, texts: [{ language: 'en', html: '<p>The sizes are in the file.</p>' }], attachment_ids: [answer.id] });
  await letterTo('The fourth poster');
  passes = 1;
  await paste(poster(4));
  await standing('failed').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('/');
  const picker = page.getByRole('dialog', { name: 'Saved replies and macros' });
  await picker.locator('.lib-see').getByText('The sizes are in the file').waitFor();
  await page.keyboard.press('Enter');
  await file().getByText('sizes.txt').waitFor();
  passes = Number.POSITIVE_INFINITY;
  await page.getByRole('button', { name: 'Not uploaded. Try again' }).click();
  await standing('here').waitFor();
  assert.equal(await written(), 'PICTURE The sizes are in the file.');
});
