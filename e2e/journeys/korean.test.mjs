import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { message, openRow, reply } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';

const house = new House();
let server;
let page;

// "배송 문의드립니다" and "안녕하세요, 주문한 찻잔이 아직 오지 않았어요." in EUC-KR; "이하늘" is the sender.
const SUBJECT = Buffer.from('b9e8bcdb20b9aec0c7b5e5b8b3b4cfb4d9', 'hex');
const NAME = Buffer.from('c0ccc7cfb4c3', 'hex');
const TEXT = Buffer.from('bec8b3e7c7cfbcbcbfe42c20c1d6b9aec7d120c2fec0dcc0cc20bec6c1f720bfc0c1f620becabed2beeebfe42e', 'hex');

house.journey('the interface speaks Korean as soon as one asks', async () => {
  server = await house.shop();
  page = await house.desk(server, OWNER);
  await page.getByRole('button', { name: /^You/ }).click();
  await page.getByRole('menuitemradio', { name: '한국어' }).or(page.getByRole('menuitem', { name: '한국어' })).first().click();
  await page.getByRole('link', { name: '받은편지함' }).or(page.locator('.views').getByText('열린 대화')).or(page.getByRole('heading', { level: 1 })).first().waitFor();
  await page.waitForFunction(() => document.documentElement.lang === 'ko');
  await page.keyboard.press('Escape');
  await accessible(page, 'the inbox in Korean');
  const words = await page.locator('.views').innerText();
  assert.match(words, /[가-힣]/);
  assert.doesNotMatch(words.replace('Haru Goods', '').replace('Help', '').replace(/Ctrl\s*K/, ''), /[A-Za-z]{3,}/, 'no English is left');
});

house.journey('a mail in EUC-KR is read and answered rightly', async () => {
  const raw = Buffer.concat([
    Buffer.from(`From: =?euc-kr?B?${NAME.toString('base64')}?= <haneul@customer.test>\r\nTo: help@shop.test\r\n`),
    Buffer.from(`Subject: =?euc-kr?B?${SUBJECT.toString('base64')}?=\r\nMessage-ID: <ko-1@customer.test>\r\n`),
    Buffer.from('MIME-Version: 1.0\r\nContent-Type: text/plain; charset=euc-kr\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'),
    TEXT,
    Buffer.from('\r\n'),
  ]);
  await house.postfix.send({ from: 'haneul@customer.test', to: 'help@shop.test', raw });
  await openRow(page, '배송 문의드립니다');
  await message(page, '안녕하세요, 주문한 찻잔이 아직 오지 않았어요.').waitFor();
  assert.equal((await server.api.get('/conversations?view=all')).items[0].customer.name, '이하늘');
  await accessible(page, 'a Korean conversation');

  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  await reply(page, '안녕하세요, 이하늘 님. 내일 도착합니다.');
  const mail = await house.postfix.arrival('haneul', (one) => one.text.includes('내일 도착합니다.'));
  assert.equal(mail.headers.subject, 'Re: 배송 문의드립니다');
  assert.match(mail.headers.to, /이하늘/);
});

house.journey('a part of a Korean word finds it', async () => {
  const { items } = await server.api.get(`/search?q=${encodeURIComponent('찻잔')}`);
  assert.equal(items.length, 1);
  await page.goto(`/inbox/search?q=${encodeURIComponent('찻잔')}`);
  await page.getByText('배송 문의드립니다').first().waitFor();
  await accessible(page, 'search results in Korean');
});
