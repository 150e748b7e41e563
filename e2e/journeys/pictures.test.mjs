import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { editor, message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const ADA = 'ada@customer.test';
const HELP = 'help@shop.test';
let server;
let page;

/** Pastes what `make` puts into a clipboard, in the page. */
const paste = (what) =>
  editor(page).evaluate(async (field, { picture, html, text }) => {
    const data = new DataTransfer();
    if (picture) {
      const canvas = new OffscreenCanvas(picture[0], picture[1]);
      const draw = canvas.getContext('2d');
      draw.fillStyle = 'teal';
      draw.fillRect(0, 0, picture[0], picture[1]);
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
    }
    if (html) data.setData('text/html', html);
    if (text) data.setData('text/plain', text);
    field.focus();
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, what);
const picturesThere = (n) => until(async () => (await page.locator('.pic[data-state=here]').count()) === n, `${n} pictures are on the server`);

/** Every part of a mail, flat. */
const parts = (mail) => [mail, ...mail.parts.flatMap(parts)];

house.journey('a pasted picture stands in the text, described, and the customer sees it there', async () => {
  server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  page = await house.desk(server, OWNER);
  await house.postfix.send({ from: ADA, to: HELP, raw: letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'Which cup?', text: 'Which one is it?' }).raw });
  await openRow(page, 'Which cup?');
  await editor(page).click();
  await page.keyboard.type('It is this one: ');
  await paste({ picture: [900, 300] });
  await picturesThere(1);
  await page.getByRole('textbox', { name: 'Describe the picture' }).fill('A teal cup');
  await page.keyboard.press('Enter');
  await accessible(page, 'a picture in the composer');
  assert.equal(await page.locator('.comp-files').count(), 0, 'it is in the text, not in the list of files');
  await page.keyboard.press('Control+Enter');

  const mail = await house.postfix.arrival('ada', (one) => one.text.includes('It is this one: [A teal cup]'));
  const [, source] = /<img[^>]*src="cid:([^"]+)"/.exec(mail.html) ?? [];
  assert.ok(source, mail.html);
  assert.match(mail.html, /<img[^>]*alt="A teal cup"/);
  assert.match(mail.html, /<img[^>]*width="600"/, 'wide pictures fit every mail program');
  assert.doesNotMatch(mail.html, /\/api\/v1\/|data-upload|blob:/);
  const related = parts(mail).find((part) => /^multipart\/related/.test(part.headers['content-type'] ?? ''));
  const picture = related.parts.find((part) => part.headers['content-id'] === `<${source}>`);
  assert.match(picture.headers['content-type'], /^image\/png/);
  assert.match(picture.headers['content-disposition'], /^inline/);
  assert.equal(picture.content.subarray(1, 4).toString(), 'PNG');

  const shown = message(page, 'It is this one').locator('img[alt="A teal cup"]');
  await until(() => shown.evaluate((img) => img.complete && img.naturalWidth === 900), 'the thread shows the picture');
  assert.equal(await message(page, 'It is this one').locator('.files').count(), 0, 'and not once more as a file');
});

house.journey('a pasted table stays a table, clean of what is not words', async () => {
  const html = `<table style="x"><tr><th>Cup</th><th>Price</th></tr><tr><td><b>Moon</b><script>alert(1)</script></td><td>40<img src="https://track.test/p.gif"></td></tr><tr><td colspan="2">All</td></tr></table>`;
  await paste({ html, text: 'Cup Price', picture: [10, 10] });
  await editor(page).locator('table th').first().waitFor();
  assert.equal(await page.locator('.pic').count(), 0, 'a picture of a table, beside the table, is not meant');
  await accessible(page, 'a table in the composer');
  await editor(page).locator('td').last().click();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Sun');
  await page.keyboard.press('Control+Enter');
  const mail = await house.postfix.arrival('ada', (one) => one.html.includes('<table'));
  assert.match(mail.html, /<table border="1"[^>]*>.*<th><p>Cup<\/p><\/th>.*<strong>Moon<\/strong>.*colspan="2".*Sun/s);
  assert.doesNotMatch(mail.html, /script|track\.test|style="x"/);
  assert.match(mail.text, /^Cup\s+Price$/m);
  assert.equal(await message(page, 'Sun').locator('.mail table tr').count(), 4);
});

house.journey('a picture is kept with the draft, goes with undo and comes back with it', async () => {
  await editor(page).click();
  await page.keyboard.type('Look ');
  await paste({ html: `<p>here <img alt="dot" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="></p>` });
  await picturesThere(1);
  await page.keyboard.press('Control+z');
  await until(async () => (await page.locator('.pic').count()) === 0, 'undone');
  await page.keyboard.press('Control+Shift+z');
  await picturesThere(1);
  const id = new URL(page.url()).pathname.split('/').pop();
  await until(async () => /<img [^>]*src="\/api\/v1\/attachments\/att_/.test((await server.api.get(`/conversations/${id}/draft`)).html), 'the draft holds it');
  await page.reload();
  await editor(page).locator('img[alt=dot]').waitFor();
  await until(() => editor(page).locator('img[alt=dot]').evaluate((img) => img.naturalWidth === 1), 'the picture is drawn from the server');

  await editor(page).click();
  await page.keyboard.press('Control+Enter');
  const mail = await house.postfix.arrival('ada', (one) => one.text.includes('[dot]'));
  assert.match(mail.html, /src="cid:/);
});

house.journey('a dropped picture stands in the text, another file beside it', async () => {
  await editor(page).evaluate(async (field) => {
    const canvas = new OffscreenCanvas(20, 20);
    canvas.getContext('2d').fillRect(0, 0, 20, 20);
    const data = new DataTransfer();
    data.items.add(new File([await canvas.convertToBlob({ type: 'image/png' })], 'p.png', { type: 'image/png' }));
    data.items.add(new File(['hello'], 'list.txt', { type: 'text/plain' }));
    const { x, y } = field.getBoundingClientRect();
    field.dispatchEvent(new DragEvent('drop', { dataTransfer: data, clientX: x + 20, clientY: y + 12, bubbles: true, cancelable: true }));
  });
  await picturesThere(1);
  await page.locator('.upl').getByText('list.txt').waitFor();
  assert.equal(await page.locator('.upl').count(), 1);
});
