import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { editor, message, openRow, reply, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const ADA = 'ada@customer.test';
const HELP = 'help@shop.test';
let server;
let page;
let question;
let answer;

house.journey('a customer writes and the mail is on the screen', async () => {
  server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 2 } });
  page = await house.desk(server, OWNER);
  await accessible(page, 'an empty inbox');
  question = letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'Where is my parcel?', text: 'Hello,\n\nit should have come on Monday.\nOrder 1234.\n\nAda' });
  await house.postfix.send({ from: ADA, to: HELP, raw: question.raw });
  await openRow(page, 'Where is my parcel?');
  const body = message(page, 'it should have come on Monday.');
  await body.waitFor();
  const words = await body.locator('.mail, .plain').first().innerText();
  assert.match(words, /Hello,\n+it should have come on Monday\.\nOrder 1234\.\n+Ada/, 'the lines of a plain mail stay lines');
  await accessible(page, 'an open conversation');
});

house.journey('the agent answers by keyboard and the mail reaches the customer after the undo window', async () => {
  await reply(page, 'Hello Ada, it **left** yesterday.');
  await message(page, 'it left yesterday').getByText(/Sending in/).waitFor();
  assert.equal(house.postfix.mailbox('ada').length, 0, 'nothing leaves before the window ends');
  answer = await house.postfix.arrival('ada', (mail) => mail.text.includes('it left yesterday'));
  await message(page, 'it left yesterday').getByText(/^Sent /).waitFor();

  const { headers } = answer;
  assert.equal(headers.from, 'Haru Goods <help@shop.test>');
  assert.match(headers.to, /ada@customer\.test/);
  assert.equal(headers.subject, 'Re: Where is my parcel?');
  assert.equal(headers['in-reply-to'], `<${question.id}>`);
  assert.ok(headers.references.split(/\s+/).includes(`<${question.id}>`));
  assert.match(headers['message-id'], /^<[^<>\s@]{30,}@shop\.test>$/, 'the Message-ID holds something nobody can guess');
  assert.match(headers['reply-to'], /reply\+[a-z0-9]{26}@shop\.test/);
  assert.match(headers['content-type'], /^multipart\/alternative/);
  assert.match(answer.html, /it <strong>left<\/strong> yesterday|it <b>left<\/b> yesterday/);
  assert.equal(house.postfix.mailbox('ada').length, 1);
});

for (const [way, write] of [
  ['in reply to our Message-ID', (text) => letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'Re: Where is my parcel?', text, inReplyTo: answer.headers['message-id'], references: [answer.headers.references, answer.headers['message-id']] })],
  ['to our reply address, without any reference', (text) => letter({ from: ADA, name: 'Ada Lee', to: /<?([^<>]+@shop\.test)>?$/.exec(answer.headers['reply-to'])[1], subject: 'parcel', text })],
])
  house.journey(`the customer answers ${way}, and it appears in the same conversation at once`, async () => {
    const text = `Thank you, ${way}!`;
    const mail = write(`${text}\n\nOn Sunday Haru Goods wrote:\n> Hello Ada, it left yesterday.\n`);
    const to = /To: (.*)/.exec(mail.raw)[1];
    await house.postfix.send({ from: ADA, to, raw: mail.raw });
    await message(page, text).first().waitFor();
    assert.equal((await server.api.all('/conversations?view=all')).length, 1);
    await accessible(page, 'a thread with an answer');
  });

house.journey('a reply that is taken back never leaves, and its words return', async () => {
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 30 } });
  const before = house.postfix.mailbox('ada').length;
  await reply(page, 'This was too early.');
  const sent = message(page, 'This was too early.');
  await sent.getByRole('button', { name: 'Undo' }).click();
  await until(async () => (await editor(page).innerText()).includes('This was too early.'), 'the words are back in the composer');
  const { items } = await server.api.get(`/conversations/${new URL(page.url()).pathname.split('/').pop()}/messages`);
  assert.ok(!items.some((m) => m.text.includes('too early') && m.delivery?.state !== 'cancelled'));
  assert.equal(house.postfix.mailbox('ada').length, before);
});

house.journey('resolving takes it out of the list, the next mail brings it back', async () => {
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  await editor(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('All done then.');
  await page.keyboard.press('Control+Shift+Enter');
  await house.postfix.arrival('ada', (mail) => mail.text.includes('All done then.'));
  await until(async () => (await server.api.get('/conversation-counts')).all_open === 0, 'the conversation is resolved');
  const mail = letter({ from: ADA, to: HELP, subject: 'Re: Where is my parcel?', text: 'One more thing.', inReplyTo: answer.headers['message-id'] });
  await house.postfix.send({ from: ADA, to: HELP, raw: mail.raw });
  await until(async () => (await server.api.get('/conversation-counts')).all_open === 1, 'it is open again');
  await page.goto('/inbox/all_open');
  await row(page, 'Where is my parcel?').waitFor();
  assert.equal((await server.api.all('/conversations?view=all')).length, 1);
});
