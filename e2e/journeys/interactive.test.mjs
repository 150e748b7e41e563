import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { inside, openMessenger, Site, say, tapAndWrite, widgetOf } from '../lib/site.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let site;
let agent;
let visitor;
let talk;

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const offer = async (name) => {
  await agent.getByRole('button', { name: 'Offer something to press' }).click();
  await agent.getByRole('menuitem', { name }).click();
  return agent.getByRole('dialog');
};
/** What the customer said last, as the server has it. */
const lastWords = async () => {
  const { items } = await server.api.get('/conversations?view=all_open');
  const chat = items.find((one) => one.channel === 'chat');
  const all = await server.api.all(`/conversations/${chat.id}/messages`);
  return all.find((one) => one.kind === 'customer');
};

house.journey('a customer presses one of the answers that an agent offers, and it is what they said', async () => {
  server = await house.shop();
  site = await Site.start(server);
  house.atEnd = () => site.stop();
  site.key = (await server.api.put(`/inboxes/${house.help.id}/widget`, widgetOf(site))).key;
  agent = await house.desk(server, OWNER);
  visitor = await house.window({ url: site.origin }, {});
  await visitor.goto(site.url());
  talk = await openMessenger(visitor);
  await talk.getByRole('button', { name: /Write to us/ }).click();
  await say(talk, 'The bowl arrived broken');
  await openRow(agent, 'The bowl arrived broken');

  const dialog = await offer('Quick replies…');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('Write something here.').waitFor();
  await dialog.getByRole('textbox', { name: 'Your words' }).fill('I am sorry. What would you like?');
  await dialog.getByRole('textbox', { name: 'Answers to press' }).fill('A new bowl\nMy money back');
  await accessible(agent, 'offering quick replies');
  await picture(agent, 'interactive-quick-replies');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.waitFor({ state: 'detached' });
  await message(agent, 'I am sorry').getByText('Shown as buttons in the widget').waitFor();

  const choices = talk.getByRole('group', { name: 'Suggested answers' });
  await choices.getByRole('button', { name: 'My money back' }).waitFor();
  await accessible(visitor, 'answers to press in the messenger');
  await picture(visitor, 'interactive-widget-replies');
  await choices.getByRole('button', { name: 'A new bowl' }).click();
  await choices.waitFor({ state: 'detached' });
  await message(agent, 'A new bowl').first().waitFor();
  await until(async () => (await lastWords()).text === 'A new bowl', 'the server has the answer');
  // Once it is answered it cannot be pressed again, in another tab and after a reload either.
  await visitor.reload();
  talk = inside(visitor);
  await talk.locator('.msg.me').filter({ hasText: 'A new bowl' }).waitFor();
  assert.equal(await talk.getByRole('group', { name: 'Suggested answers' }).count(), 0);
});

house.journey('cards show a picture and lead to the web', async () => {
  const dialog = await offer('Cards…');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Celadon bowl, 18 cm');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('In stock, leaves today');
  await dialog.locator('input[type=file]').setInputFiles({ name: 'bowl.png', mimeType: 'image/png', buffer: PIXEL });
  await dialog.locator('.inter-picture img').waitFor();
  await dialog.getByRole('button', { name: 'Link', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Says' }).fill('Look at it');
  await dialog.getByRole('textbox', { name: 'Leads to' }).fill('javascript:alert(1)');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByText('Write an address that begins with https://.').waitFor();
  await dialog.getByRole('textbox', { name: 'Leads to' }).fill('https://shop.example/bowl');
  await dialog.getByRole('button', { name: 'Another card' }).click();
  await dialog.getByRole('textbox', { name: 'Title' }).nth(1).fill('Celadon bowl, 22 cm');
  await accessible(agent, 'offering cards');
  await picture(agent, 'interactive-cards');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.waitFor({ state: 'detached' });
  const link = talk.getByRole('link', { name: 'Look at it' });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), 'https://shop.example/bowl');
  assert.match(await link.getAttribute('rel'), /noopener/);
  await talk.locator('.cards img').waitFor();
  await talk.getByText('Celadon bowl, 22 cm').waitFor();
  await accessible(visitor, 'cards in the messenger');
  await picture(visitor, 'interactive-widget-cards');
  // In the thread it is told in words, with the same picture and link.
  await message(agent, 'Celadon bowl, 18 cm').getByRole('link', { name: 'Look at it' }).waitFor();
});

house.journey('a form is filled in in one go', async () => {
  const dialog = await offer('Form…');
  await dialog.getByRole('textbox', { name: 'Question' }).fill('Order number');
  await dialog.getByRole('button', { name: 'Own question' }).click();
  await dialog.getByRole('textbox', { name: 'Question' }).nth(1).fill('Your email address');
  await dialog.getByRole('button', { name: /Kind|Answer/ }).nth(1).click();
  await agent.getByRole('option', { name: /mail/i }).click();
  await accessible(agent, 'offering a form');
  await picture(agent, 'interactive-form');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.waitFor({ state: 'detached' });
  const asked = talk.locator('form.asked');
  await asked.getByRole('textbox', { name: 'Order number' }).waitFor();
  await asked.getByRole('button', { name: 'Send answers' }).click();
  await asked.locator('.fault').first().waitFor();
  await asked.getByRole('textbox', { name: 'Order number' }).fill('HG-20954');
  await asked.getByRole('textbox', { name: 'Your email address' }).fill('nobody');
  await asked.getByRole('button', { name: 'Send answers' }).click();
  await asked.locator('.fault').first().waitFor();
  await asked.getByRole('textbox', { name: 'Your email address' }).fill('mina@customer.test');
  await accessible(visitor, 'a form in the messenger');
  await picture(visitor, 'interactive-widget-form');
  await asked.getByRole('button', { name: 'Send answers' }).click();
  await talk.getByText('Answers sent').waitFor();
  await until(async () => (await lastWords()).text === 'Order number: HG-20954\nYour email address: mina@customer.test', 'the server has the answers');
  await message(agent, 'Order number: HG-20954').first().waitFor();
});

house.journey('on a phone in Korean all of it has room', async () => {
  const phone = await house.window({ url: site.origin }, { width: 390, height: 844, touch: true, scheme: 'dark', locale: 'ko-KR' });
  await phone.goto(site.url({ lang: 'ko', data: { locale: 'ko' } }));
  const inner = await openMessenger(phone);
  await inner.getByRole('button', { name: /문의|메시지/ }).first().click();
  await tapAndWrite(inner.getByRole('textbox', { name: '메시지' }), '그릇이 깨져서 왔어요');
  await inner.getByRole('button', { name: '보내기' }).click();
  const id = await until(async () => {
    const { items } = await server.api.get('/conversations?view=all_open');
    return items.find((one) => one.subject.startsWith('그릇이'))?.id;
  }, 'the chat is there');
  const long = '같은 그릇으로 다시 보내 주시면 좋겠고, 가능하면 이번 주 안에 받고 싶어요';
  const questions = [
    { label: '주문 번호', kind: 'text', required: true },
    { label: '어떤 문제가 있었는지 자세히 적어 주세요', kind: 'long_text', required: false },
  ];
  await server.api.post(`/conversations/${id}/replies`, { text: '주문을 확인하겠습니다.', interactive: { kind: 'form', questions } });
  await server.api.post(`/conversations/${id}/replies`, { text: '어떻게 해 드릴까요?', interactive: { kind: 'quick_replies', choices: ['환불', long] } });
  await inner.getByRole('button', { name: long }).waitFor();
  await inner.getByRole('textbox', { name: '주문 번호' }).waitFor();
  assert.equal(await inner.locator('.log').evaluate((log) => log.scrollWidth > log.clientWidth), false, 'nothing is wider than the screen');
  await accessible(phone, 'what can be pressed, on a phone');
  await picture(phone, 'interactive-widget-phone');
});
