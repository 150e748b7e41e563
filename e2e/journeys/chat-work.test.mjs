import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { inside, openMessenger, Site, say, widgetOf } from '../lib/site.mjs';
import { Visitor } from '../lib/visitor.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let inbox;
let key;
let mina;
let jun;
let minasApi;
let junsApi;
let customer;
let queues;
let site;

const detail = (api, one) => api.get(`/conversations/${one.id}`);
const seen = async (visitor) => (await visitor.call('GET', '/conversations')).items.find((c) => c.id === visitor.id);
/** Opens the menu of the chat that is on the screen and picks a line of it. */
async function pick(page, name) {
  await page.locator('.chat-line').getByRole('button', { name: 'Chat', exact: true }).click();
  await page.getByRole('menuitem', { name }).click();
}

house.journey('an admin writes a greeting, and an agent says it with one press', async () => {
  server = await house.server();
  await server.setUp();
  inbox = await server.inbox();
  const person = server.agent({ name: 'Jun Park', email: 'jun@team.test' });
  minasApi = server.api;
  junsApi = await server.signIn(person);
  site = await Site.start(server);
  house.atEnd = () => site.stop();
  key = (await minasApi.put(`/inboxes/${inbox.id}/widget`, widgetOf(site, { name: null, greeting: {}, typing_preview: true }))).key;
  mina = await house.desk(server, OWNER);
  jun = await house.desk(server, person);
  await mina.goto(`${server.url}/settings/inboxes/${inbox.id}/widget`);
  const words = mina.getByRole('textbox', { name: "Agent's greeting · English" });
  await words.fill('Hello {{ customer.surname }}');
  await mina.getByRole('button', { name: /^Save/ }).click();
  await mina
    .getByText(/no variable/)
    .first()
    .waitFor();
  await words.fill('Hello {{ customer.first_name | default("there") }}, I am {{ agent.first_name }}.');
  await mina.getByText('Customers who wait can ask to be called').click();
  await accessible(mina, 'the settings of greeting and calling back');
  await words.scrollIntoViewIfNeeded();
  await picture(mina, 'chat-work-settings');
  await mina.getByRole('button', { name: /^Save/ }).click();
  await mina.getByRole('button', { name: /^Save/ }).waitFor({ state: 'detached' });
  customer = await Visitor.open(server, key);
  customer.listen();
  await customer.call('POST', '/visitor', { name: 'Ada Lee' });
  await customer.begin('My parcel is late.');
  await jun.goto(`${server.url}/inbox/all_open`);
  await openRow(jun, 'My parcel is late.');
  await jun.locator('.chat-line').getByText('“Hello Ada, I am Jun.”').waitFor();
  await accessible(jun, 'a chat that can be greeted');
  await picture(jun, 'chat-work-greet');
  await jun.getByRole('button', { name: 'Greet' }).click();
  await jun.locator('article.msg').getByText('Hello Ada, I am Jun.').waitFor();
  await jun.getByRole('button', { name: 'Greet' }).waitFor({ state: 'detached' });
  await until(async () => (await customer.messages()).some((m) => m.name === 'Jun' && m.text === 'Hello Ada, I am Jun.'), 'the customer is greeted');
  const now = await detail(junsApi, customer);
  assert.equal(now.assignee.name, 'Jun Park');
  assert.ok(now.waiting_since, 'a greeting is no answer');
});

house.journey('a colleague is invited, joins from the bell, writes under her own name and leaves', async () => {
  await pick(jun, 'Invite a colleague …');
  const dialog = jun.getByRole('dialog', { name: /Invite a colleague/ });
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await dialog.getByText('Pick a colleague.').first().waitFor();
  await dialog.getByRole('button', { name: /Colleague/ }).click();
  await jun.getByRole('option', { name: 'Mina Kim' }).click();
  await dialog.getByLabel(/Note for them/).fill('You know this carrier.');
  await accessible(jun, 'inviting a colleague');
  await picture(jun, 'chat-work-invite');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await dialog.waitFor({ state: 'detached' });
  await jun.locator('.ev').filter({ hasText: 'invited Mina Kim into the chat' }).waitFor();
  await mina.goto(`${server.url}/inbox/all_open`);
  await mina
    .getByRole('button', { name: /Notifications/ })
    .first()
    .click();
  const bell = mina.getByRole('dialog', { name: 'Notifications' });
  await bell.getByText('Jun Park invites you into a chat').waitFor();
  await accessible(mina, 'an invitation in the bell');
  await picture(mina, 'chat-work-bell');
  await bell.getByRole('button', { name: 'Join' }).click();
  await mina.waitForURL(/\/conversations\//);
  await mina.locator('.ev').filter({ hasText: 'Mina Kim came into the chat' }).waitFor();
  await mina.locator('article.msg').getByText('You know this carrier.').waitFor();
  await jun.locator('.chat-line').getByText('Also here: Mina Kim').waitFor();
  await mina.getByRole('textbox', { name: 'Reply' }).click();
  await mina.keyboard.type('It is in Busan, and comes tomorrow.');
  await mina.keyboard.press('Enter');
  await until(async () => (await customer.messages()).some((m) => m.name === 'Mina' && m.text.includes('Busan')), 'the customer sees who writes');
  assert.equal((await detail(junsApi, customer)).assignee.name, 'Jun Park', 'it is still Jun’s chat');
  const other = await Visitor.open(server, key);
  await other.begin('Another chat of Mina');
  await minasApi.patch(`/conversations/${other.id}`, { assignee_id: minasApi.me.agent.id });
  const strip = mina.getByRole('navigation', { name: 'Your chats' });
  await strip.getByRole('link', { name: /Ada Lee/ }).waitFor();
  await picture(mina, 'chat-work-joined');
  await pick(mina, 'Leave the chat');
  await mina.locator('.ev').filter({ hasText: 'Mina Kim left the chat' }).waitFor();
  await until(async () => (await strip.getByRole('link', { name: /Ada Lee/ }).count()) === 0, 'it is not among her chats');
  await minasApi.post(`/conversations/${other.id}/chat/end`, {});
  await minasApi.put(`/conversations/${other.id}/status`, { status: { kind: 'resolved' } });
});

house.journey('a supervisor watches from the board, whispers and takes over, and nobody sees her watch', async () => {
  const rule = { offers: false };
  const agent_ids = [minasApi.me.agent.id, junsApi.me.agent.id];
  queues = [];
  for (const name of ['Front desk', 'Returns']) {
    const filter = name === 'Returns' ? { field: 'subject', operator: 'contains', value: 'nothing is called this' } : { all: [] };
    queues.push(await minasApi.post('/queues', { name, filter, agent_ids, rule }));
  }
  await junsApi.put('/availability/me', { state: 'online' });
  await mina.goto(`${server.url}/board`);
  await mina.getByRole('button', { name: 'Chats of Jun Park' }).click();
  await mina.getByRole('button', { name: 'Watch the chat with Ada Lee' }).waitFor();
  await accessible(mina, 'the chats of an agent on the board');
  await picture(mina, 'chat-work-board');
  await customer.say('Hello? Is it really in Busan?');
  await until(async () => (await detail(junsApi, customer)).waiting_since, 'the customer waits');
  await jun.goto(`${server.url}/inbox/snoozed`);
  const before = await seen(customer);
  await mina.getByRole('button', { name: 'Watch the chat with Ada Lee' }).click();
  await mina.waitForURL(/\/conversations\//);
  const bar = mina.getByRole('region', { name: 'You are watching' });
  await bar.getByText('You are watching a chat of Jun Park').waitFor();
  assert.equal(await mina.getByRole('textbox', { name: 'Reply' }).count(), 0, 'there is nothing to answer with');
  await mina.locator('article.msg').getByText('Is it really in Busan?').waitFor();
  await until(async () => !(await detail(minasApi, customer)).unread, 'she has read it');
  assert.deepEqual(await seen(customer), before, 'the customer is told nothing');
  await customer.typing('I wonder whether');
  await mina.locator('.chat-typing').getByText('I wonder whether').waitFor();
  await mina.reload();
  await bar.waitFor();
  await bar.getByRole('textbox').fill('Offer to call the carrier.');
  await accessible(mina, 'watching a chat');
  await picture(mina, 'chat-work-watch');
  await bar.getByRole('button', { name: 'Whisper' }).click();
  await mina.locator('article.msg[data-whisper]').getByText('Offer to call the carrier.').waitFor();
  await jun
    .getByRole('button', { name: /Notifications/ })
    .first()
    .click();
  await jun.getByRole('dialog', { name: 'Notifications' }).getByText('Mina Kim whispers to you').click();
  await jun.locator('article.msg[data-whisper]').getByText('Whisper to Jun Park').waitFor();
  await picture(jun, 'chat-work-whisper');
  await minasApi.patch(`/agents/${minasApi.me.agent.id}`, { language: 'ko' });
  await mina.getByRole('region', { name: '지켜보는 중' }).waitFor();
  await accessible(mina, 'watching a chat, in Korean');
  await picture(mina, 'chat-work-watch-ko');
  await minasApi.patch(`/agents/${minasApi.me.agent.id}`, { language: 'en' });
  assert.ok(!(await customer.messages()).some((m) => m.text.includes('carrier')), 'the customer never sees it');
  await bar.getByRole('button', { name: 'Take over' }).click();
  await mina.getByRole('textbox', { name: 'Reply' }).waitFor();
  await mina.locator('.ev').filter({ hasText: 'Mina Kim took it over from Jun Park' }).waitFor();
  await until(async () => (await seen(customer)).agent.name === 'Mina', 'the customer is with Mina now');
});

house.journey('a chat is passed on to a queue with a note, and the customer hears why they wait', async () => {
  await junsApi.put('/availability/me', { state: 'away' });
  await mina.getByRole('button', { name: /Assigned to/ }).click();
  await mina.getByRole('option', { name: /Hand over with a note/ }).click();
  const dialog = mina.getByRole('dialog', { name: 'Hand over' });
  await dialog.getByRole('button', { name: /Pick a person/ }).click();
  await mina.getByRole('option', { name: 'Returns (queue)' }).click();
  await dialog.getByLabel('Note').fill('She wants her money back.');
  await accessible(mina, 'handing over to a queue');
  await picture(mina, 'chat-work-pass');
  await dialog.getByRole('button', { name: 'Hand over' }).click();
  await dialog.waitFor({ state: 'detached' });
  await mina.locator('.ev').filter({ hasText: 'Mina Kim passed it on to Returns' }).waitFor();
  const now = await until(async () => {
    const one = await seen(customer);
    return one.state === 'waiting' && one.wait?.reason === 'transferred' ? one : null;
  }, 'the customer waits anew, and is told why');
  assert.equal(now.agent, null);
  await junsApi.put('/availability/me', { state: 'online' });
  await until(async () => (await detail(minasApi, customer)).assignee?.name === 'Jun Park', 'somebody of the queue has it');
  await picture(mina, 'chat-work-passed');
});

house.journey('a customer who waits asks in the widget to be called, and the agent calls', async () => {
  await junsApi.put('/availability/me', { state: 'away' });
  await minasApi.put('/availability/me', { state: 'away' });
  site.key = key;
  const page = await house.window({ url: site.origin });
  await page.goto(site.url({}));
  const talk = await openMessenger(page);
  await talk.getByRole('button', { name: /Write to us/ }).click();
  await say(talk, 'Do you have it in blue?');
  const frame = inside(page);
  await frame.getByRole('button', { name: 'Call me back' }).click();
  const sheet = frame.getByRole('dialog', { name: 'Call me back' });
  await sheet.getByLabel('Your phone number').fill('soon');
  await sheet.getByRole('button', { name: 'Please call me' }).click();
  await sheet.getByText(/Write a phone number/).waitFor();
  await sheet.getByLabel('Your phone number').fill('+82 10-1234-5678');
  await picture(page, 'chat-work-call');
  await sheet.getByRole('button', { name: 'Please call me' }).click();
  await frame.getByRole('heading', { name: 'We will call you soon' }).waitFor();
  await frame.getByText('On •••5678. You can close this window.').waitFor();
  await picture(page, 'chat-work-called');
  await mina.goto(`${server.url}/inbox/all_open`);
  await openRow(mina, 'Do you have it in blue?');
  await mina.locator('.chat-line').getByText('Wants to be called soon:').waitFor();
  await mina.getByRole('link', { name: '+82 10-1234-5678' }).first().waitFor();
  await accessible(mina, 'a chat whose customer wants to be called');
  await picture(mina, 'chat-work-callback');
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true, scheme: 'dark' });
  await phone.goto(mina.url());
  await phone.locator('.chat-line').getByText('Wants to be called soon:').waitFor();
  await accessible(phone, 'a chat on a phone');
  await picture(phone, 'chat-work-phone-dark');
  await mina.getByRole('button', { name: 'Called' }).click();
  await mina.locator('.ev').filter({ hasText: 'called the customer' }).waitFor();
  await frame.getByRole('heading', { name: 'We will call you soon' }).waitFor({ state: 'detached' });
});

house.journey('a company has its own representative, and an agent says when the shift ends', async () => {
  const company = await minasApi.post('/companies', { name: 'Hanok Hotels', domains: ['hanok.test'] });
  await mina.goto(`${server.url}/companies/${company.id}`);
  const choice = mina.getByRole('button', { name: /Represented by/ });
  await choice.click();
  await mina.getByRole('option', { name: 'Jun Park' }).click();
  await until(async () => (await minasApi.get(`/companies/${company.id}/representative`)).agent_id === junsApi.me.agent.id, 'it is kept');
  await accessible(mina, 'a company with its own representative');
  await picture(mina, 'chat-work-representative');
  await jun.goto(`${server.url}/inbox/all_open`);
  await jun.locator('.me').click();
  await jun.getByRole('menuitem', { name: 'End my shift at …' }).click();
  const dialog = jun.getByRole('dialog', { name: 'End my shift' });
  await accessible(jun, 'the end of a shift');
  await picture(jun, 'chat-work-shift');
  await dialog.getByRole('option').first().click();
  await until(async () => (await junsApi.get('/availability/me')).availability.shift_ends_at, 'the end of the shift is known');
  await jun.locator('.me').click();
  await jun.getByRole('menuitem', { name: /My shift ends/ }).waitFor();
  await picture(jun, 'chat-work-shift-menu');
  await jun.getByRole('menuitem', { name: 'No end of my shift' }).click();
  await until(async () => !(await junsApi.get('/availability/me')).availability.shift_ends_at, 'it is open again');
});
