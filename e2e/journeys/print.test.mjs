import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const ADA = 'ada@customer.test';
const HELP = 'help@shop.test';
const house = new House();
const server = await house.shop();
const page = await house.desk(server, OWNER);
let id;

/** The print page, which opens beside the app. */
async function printed() {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('print');
  const [paper] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('option', { name: /Print or save as PDF/ }).click()]);
  await paper.getByRole('button', { name: 'Print or save as PDF' }).and(paper.locator(':enabled')).waitFor();
  return paper;
}

house.journey('a whole conversation goes on paper, notes only when asked for', async () => {
  const { raw } = letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'Where is my parcel?', text: 'It should be here.' });
  await house.postfix.send({ from: ADA, to: HELP, raw });
  await page.goto('/inbox/all_open');
  await openRow(page, 'Where is my parcel?');
  id = new URL(page.url()).pathname.split('/').pop();
  // More than one page of the thread.
  for (let n = 1; n <= 70; n += 1) await server.api.post(`/conversations/${id}/notes`, { text: `Looked at shelf ${n}.` });
  await server.api.post(`/conversations/${id}/replies`, { text: 'We found it behind the shelf.' });
  const paper = await printed();
  const articles = paper.locator('main article');
  assert.equal(await articles.count(), 2);
  await accessible(paper, 'a conversation on paper');
  await picture(paper, 'print');
  await paper.getByText('With internal notes').click();
  assert.equal(await articles.count(), 72);
  await paper.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await paper.locator('.print-tools').waitFor({ state: 'hidden' });
  assert.equal(await paper.getByText('It should be here.').isVisible(), true);
  // Everything is on the sheets, not only what a window shows.
  const sheets = (await paper.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(sheets >= 3, `${sheets} sheets`);
  await paper.evaluate(() => {
    window.print = () => {
      window.wasPrinted = true;
    };
  });
  await paper.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await paper.getByRole('button', { name: 'Print or save as PDF' }).click();
  await until(() => paper.evaluate(() => window.wasPrinted === true), 'the browser was asked to print');
  await paper.getByRole('link', { name: 'Back' }).click();
  await paper.getByRole('heading', { name: 'Where is my parcel?' }).waitFor();
  await paper.close();
});

house.journey('the page speaks Korean and fits a phone', async () => {
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'ko' });
  const phone = await house.desk(server, OWNER, { locale: 'ko-KR', width: 390, height: 844, touch: true });
  await phone.goto(`/conversations/${id}/print`);
  await phone.getByText('내부 메모 포함').waitFor();
  await accessible(phone, 'a conversation on paper, on a phone');
  await picture(phone, 'print-phone-ko');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing hangs over');
});
