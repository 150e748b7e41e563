import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;
let mina;
let jun;
let minasApi;
let junsApi;

const write = (n, subject) => {
  const from = `customer${n}@customer.test`;
  return server.deliver({ from, to: HELP, raw: letter({ from, name: `Customer ${n}`, to: HELP, subject, text: 'Please look at this.' }).raw });
};
const named = async (subject) => (await server.api.get('/conversations?view=all&limit=50')).items.find((c) => c.subject === subject);
const stateOf = async (api) => (await api.get('/availability/me')).availability.effective;

/** Chooses a line of one's own menu. */
async function choose(page, name) {
  await page.locator('.me').click();
  await page.getByRole('menuitem', { name }).click();
}

house.journey('an admin makes a skill and a queue, and people find their own state in the rail', async () => {
  server = await house.shop();
  const person = server.agent({ name: 'Jun Park', email: 'jun@team.test' });
  junsApi = await server.signIn(person);
  minasApi = server.api;
  mina = await house.desk(server, OWNER);
  jun = await house.desk(server, person);
  await jun.locator('.me').click();
  await jun.getByRole('menuitem', { name: /Sign out/ }).waitFor();
  assert.equal(await jun.getByRole('menuitem', { name: 'Online' }).count(), 0, 'nobody is asked before there is a queue');
  await jun.keyboard.press('Escape');

  await mina.goto(`${server.url}/settings/skills`);
  await mina.getByText('No skills yet').waitFor();
  await mina.getByRole('button', { name: 'New skill' }).click();
  const skill = mina.getByRole('dialog', { name: 'New skill' });
  await skill.getByLabel('Name').fill('Korean');
  await skill.getByLabel('Language').fill('ko');
  await accessible(mina, 'a new skill');
  await skill.getByRole('button', { name: 'Save' }).click();
  await skill.waitFor({ state: 'detached' });
  await mina.getByRole('button', { name: /^(Change|Edit).*Jun Park/  }).click();
  const work = mina.getByRole('dialog', { name: /Jun Park/ });
  await work.getByText('Korean').click();
  await work.getByLabel('Mails').fill('3');
  await accessible(mina, 'how much at once');
  await work.getByRole('button', { name: 'Save' }).click();
  await work.waitFor({ state: 'detached' });
  await mina.getByText(/3 mails at once · Korean/).waitFor();
  await picture(mina, 'routing-skills');

  await mina.goto(`${server.url}/settings/queues`);
  await mina.getByText('No queues yet').waitFor();
  await accessible(mina, 'queues, none yet');
  await mina.getByRole('button', { name: 'New queue' }).click();
  const dialog = mina.getByRole('dialog', { name: 'New queue' });
  await dialog.getByLabel('Name').fill('Front desk');
  await dialog.getByText('Offer it, and let the agent accept').click();
  await dialog.getByLabel('Seconds to accept').fill('120');
  await accessible(mina, 'a new queue');
  await picture(mina, 'routing-queue-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await mina.getByText(/Who has most room · offered · everybody/).waitFor();
  await accessible(mina, 'the list of queues');
  await picture(mina, 'routing-queues');

  await mina.getByRole('button', { name: 'Presence and reasons' }).click();
  const reasons = mina.getByRole('dialog', { name: 'Presence and reasons' });
  await reasons.getByRole('button', { name: 'Add a word' }).click();
  await reasons.getByLabel('Name').fill('Lunch');
  await accessible(mina, 'presence and reasons');
  await reasons.getByRole('button', { name: 'Save' }).click();
  await reasons.waitFor({ state: 'detached' });

  for (const page of [mina, jun]) await choose(page, 'Online');
  await until(async () => (await stateOf(minasApi)) === 'online' && (await stateOf(junsApi)) === 'online', 'both on-line');
  await jun.getByRole('button', { name: /You: Jun Park, Online/ }).waitFor();
  await jun.locator('.me').click();
  await jun.getByRole('menuitem', { name: 'Lunch' }).waitFor();
  await accessible(jun, "one's own state");
  await picture(jun, 'routing-state-menu');
  await jun.keyboard.press('Escape');
});

house.journey('what is offered is declined by one and taken by the other, and the thread says why', async () => {
  const pages = { [minasApi.me.agent.id]: mina, [junsApi.me.agent.id]: jun };
  await mina.goto(`${server.url}/inbox/all_open`);
  await jun.goto(`${server.url}/inbox/all_open`);
  await write(1, 'The lid does not fit');
  const offered = await until(async () => {
    for (const api of [minasApi, junsApi]) if ((await api.get('/offers')).items.length > 0) return api;
    return null;
  }, 'an offer to one of them');
  const [first, second] = offered === minasApi ? [mina, jun] : [jun, mina];
  const card = (page) => page.getByRole('region', { name: 'Offered to you' });
  await card(first).waitFor();
  assert.equal(await card(second).count(), 0, 'nobody else sees it');
  await card(first).getByText('The lid does not fit').waitFor();
  await accessible(first, 'an offer');
  await picture(first, 'routing-offer');
  await until(async () => first.evaluate(() => document.activeElement?.textContent === 'Accept'), 'the way to accept has the focus');
  await card(first).getByRole('button', { name: 'Decline' }).click();
  await card(first).waitFor({ state: 'detached' });
  await card(second).waitFor();
  await until(async () => second.evaluate(() => document.activeElement?.textContent === 'Accept'), 'the other one can accept by Enter');
  await second.keyboard.press('Enter');
  await second.waitForURL(/\/conversations\//);
  await card(second).waitFor({ state: 'detached' });
  await second.getByText(/got it from Front desk: accepted it/).waitFor();
  assert.equal(await second.getByText(/assigned it to|took it/).count(), 0, 'once is enough');
  const lid = await named('The lid does not fit');
  assert.equal(pages[lid.assignee.id], second);
  await accessible(second, 'a conversation that was routed');
  await picture(second, 'routing-why');
});

house.journey('a queue that gives at once goes by room and says so, also in Korean', async () => {
  const queue = (await minasApi.get('/queues')).items[0];
  const { id, version: _, position: __, created_at: ___, updated_at: ____, ...form } = queue;
  await minasApi.put(`/queues/${id}`, { ...form, rule: { ...form.rule, offers: false } });
  await choose(mina, 'Lunch');
  await mina.getByRole('button', { name: /You: Mina Kim, Lunch/ }).waitFor();
  await write(2, 'A cup is broken');
  await until(async () => (await named('A cup is broken'))?.assignee?.name === 'Jun Park', 'Jun has it');
  await jun.goto(`${server.url}/inbox/all_open`);
  await openRow(jun, 'A cup is broken');
  await jun.getByText(/Jun Park got it from Front desk: has \d of 3 mails/).waitFor();
  await junsApi.patch(`/agents/${junsApi.me.agent.id}`, { language: 'ko' });
  await jun.reload();
  await jun.getByText(/Front desk 대기열에서 Jun Park 님에게 배정: 메일 \d\/3건 처리 중/).waitFor();
  await jun.getByRole('button', { name: /Jun Park, 온라인/ }).waitFor();
  await accessible(jun, 'a conversation that was routed, in Korean');
  await picture(jun, 'routing-why-ko');
});

house.journey('the next one is taken by a key, and the live board counts', async () => {
  await choose(jun, '자리 비움');
  await until(async () => (await stateOf(junsApi)) === 'away', 'Jun is away');
  await write(3, 'Where is the pot?');
  await until(async () => (await minasApi.get('/live-board')).queues[0].waiting === 1, 'one waits');
  await mina.goto(`${server.url}/board`);
  await mina.getByRole('heading', { name: 'Live board' }).waitFor();
  const row = mina.getByRole('row').filter({ hasText: 'Front desk' });
  await until(async () => (await row.getByRole('cell').first().innerText()) === '1', 'the board says that one waits');
  await accessible(mina, 'the live board');
  await picture(mina, 'routing-board');
  await mina.keyboard.press('Shift+N');
  await mina.waitForURL(/\/conversations\//);
  await mina.getByText(/Mina Kim got it from Front desk: took the next one/).waitFor();
  await mina.goto(`${server.url}/board`);
  await until(async () => (await row.getByRole('cell').first().innerText()) === '0', 'nobody waits any more');
  await mina.emulateMedia({ colorScheme: 'dark' });
  await picture(mina, 'routing-board-dark');
});

house.journey('on a phone the offer lies above the rail and the board can be read', async () => {
  const queue = (await minasApi.get('/queues')).items[0];
  const { id, version: _, position: __, created_at: ___, updated_at: ____, ...form } = queue;
  await minasApi.put(`/queues/${id}`, { ...form, rule: { ...form.rule, offers: true } });
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true });
  await choose(phone, 'Online');
  await write(4, 'A very long subject that says everything there is to say about a kettle which does not boil, and about its lid');
  const card = phone.getByRole('region', { name: 'Offered to you' });
  await card.waitFor();
  await accessible(phone, 'an offer on a phone');
  await picture(phone, 'routing-offer-phone');
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `nothing sticks out: ${width}`);
  await card.getByRole('button', { name: 'Accept' }).tap();
  await phone.waitForURL(/\/conversations\//);
  await phone.goto(`${server.url}/inbox/all_open`);
  await choose(phone, 'Live board');
  await phone.waitForURL(/\/board$/);
  await phone.getByRole('heading', { name: 'Live board' }).waitFor();
  await phone.getByText('Front desk').waitFor();
  await accessible(phone, 'the board on a phone');
  await picture(phone, 'routing-board-phone');
  assert.equal(await phone.locator('.me[data-here]').count(), 1, 'the rail says where one is');
  await phone.locator('.me').tap();
  const place = phone.getByRole('menuitem', { name: 'Live board' });
  await place.waitFor();
  assert.equal(await place.locator('.end svg').count(), 1, 'and so does the menu');
  await accessible(phone, 'one’s own menu on a phone');
  await picture(phone, 'routing-menu-phone');
  await phone.keyboard.press('Escape');
  await phone.getByRole('link', { name: /Inbox/ }).tap();
  await phone.waitForURL(/\/inbox\//);
  await phone.locator('.me[data-here]').waitFor({ state: 'detached' });

  // On a desk it stands in the rail, and nowhere twice; who supervises nobody has it nowhere.
  await mina.locator('.me').click();
  await mina.getByRole('menuitem', { name: 'Online' }).waitFor();
  assert.equal(await mina.getByRole('menuitem', { name: 'Live board' }).count(), 0);
  await mina.keyboard.press('Escape');
  assert.equal(await mina.getByRole('link', { name: 'Live board' }).count(), 1);
  await jun.setViewportSize({ width: 390, height: 844 });
  await jun.goto(`${server.url}/inbox/all_open`);
  await jun.emulateMedia({ colorScheme: 'dark' });
  await jun.locator('.me').click();
  await jun.getByRole('menuitem', { name: '자리 비움' }).waitFor();
  assert.equal(await jun.getByRole('menuitem', { name: '실시간 현황판' }).count(), 0);
  await picture(jun, 'routing-menu-agent-phone-ko-dark');
});
