import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { editor, message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';

const house = new House();
let server;
let page;

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC', 'base64');
/** A tenth of a second of silence. */
function wav() {
  const bytes = Buffer.alloc(44 + 1600);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 1600, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(1600, 40);
  return bytes;
}

async function upload(name, type, bytes) {
  const response = await fetch(`${server.url}/api/v1/attachments?filename=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { ...server.api.headers, origin: server.url, 'sec-fetch-site': 'same-origin', 'content-type': type },
    body: bytes,
  });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()).id;
}

house.journey('files are looked at large: pictures, sound, texts; a PDF in a tab of its own; HTML never', async () => {
  server = await house.server();
  await server.setUp();
  await server.inbox();
  const raw = letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject: 'Files', text: 'Here they are.' }).raw;
  await server.deliver({ from: 'ada@customer.test', to: 'help@shop.test', raw });
  page = await house.desk(server, OWNER);
  await openRow(page, 'Files');
  const id = new URL(page.url()).pathname.split('/').pop();
  const attachment_ids = [
    await upload('jar.png', 'image/png', PNG),
    await upload('voice.wav', 'audio/x-wav', wav()),
    await upload('log.txt', 'text/plain', Buffer.from('first line\n두 번째 줄 <b>not bold</b>\n')),
    await upload('offer.pdf', 'application/pdf', Buffer.from('%PDF-1.7\n%%EOF\n')),
    await upload('page.html', 'text/html', Buffer.from('<script>alert(1)</script>')),
  ];
  await server.api.post(`/conversations/${id}/notes`, { text: 'All of them', attachment_ids });
  const note = message(page, 'All of them');
  await note.waitFor();
  await note.getByRole('button', { name: /jar\.png/ }).click();
  const box = page.getByRole('dialog');
  await box.locator('img.lightbox').waitFor();
  await accessible(page, 'a picture large');
  await page.keyboard.press('ArrowRight');
  await box.locator('audio').waitFor();
  assert.ok(await box.locator('audio').evaluate((audio) => new Promise((done) => (audio.readyState > 0 ? done(true) : audio.addEventListener('loadedmetadata', () => done(true))))));
  await page.keyboard.press('ArrowRight');
  await box.getByText('두 번째 줄 <b>not bold</b>').waitFor();
  await accessible(page, 'a text large');
  await picture(page, 'preview-text');
  await box.getByRole('button', { name: 'Next file' }).click();
  await box.getByRole('button', { name: 'Open the PDF' }).waitFor();
  await picture(page, 'preview-pdf');
  await page.keyboard.press('Escape');
  assert.equal(await note.getByRole('button', { name: /page\.html/ }).count(), 0);
  await note.getByRole('link', { name: /page\.html/ }).waitFor();
});

house.journey('the files of a conversation stand beside it, and lead to where they were sent', async () => {
  const panel = page.getByRole('complementary', { name: 'Customer' });
  await panel.getByRole('heading', { name: 'Files' }).waitFor();
  await panel.getByRole('button', { name: 'Show all 5' }).click();
  await panel.getByRole('button', { name: /Show where it was sent: log\.txt/ }).click();
  await page.locator('article.msg:focus').filter({ hasText: 'All of them' }).waitFor();
  await panel.getByRole('button', { name: /jar\.png/ }).first().click();
  await page.getByRole('dialog').locator('img.lightbox').waitFor();
  await page.keyboard.press('Escape');
  await accessible(page, 'the files beside a conversation');
  await picture(page, 'context-files');
});

house.journey('an emoji is completed after a colon, or picked', async () => {
  await editor(page).click();
  await page.keyboard.type('Well done :thumb');
  await page.getByRole('option', { name: 'thumbs up' }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('at 10:30 we meet');
  assert.match(await editor(page).innerText(), /Well done 👍\uFE0F? at 10:30 we meet/u);
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('searchbox', { name: 'Find an emoji' }).fill('tada');
  await page.getByRole('option').or(page.getByRole('gridcell')).first().waitFor();
  await accessible(page, 'the emoji');
  await picture(page, 'emoji');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /🎉/u.test(document.querySelector('.comp [role=textbox]')?.textContent ?? ''));
});

house.journey('settings are found in the palette by what is in them, in both languages', async () => {
  await page.getByRole('main').focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').or(page.getByRole('dialog').getByRole('searchbox')).first().fill('labels');
  await page.getByRole('option', { name: 'Tags' }).waitFor();
  await accessible(page, 'settings in the palette');
  await page.keyboard.press('Enter');
  await page.waitForURL(/settings\/tags/);
});
