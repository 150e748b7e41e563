import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { frameOf, inside, openMessenger, Site, say } from '../lib/site.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let site;
let inbox;
let desk;
let guest;

const visit = async (options = {}, window = {}) => {
  const page = await house.window({ url: site.origin }, window);
  await page.goto(site.url(options));
  return page;
};
const sonnim = (page, ...command) => page.evaluate((all) => window.Sonnim(...all), command);
const live = async () => (await server.api.get('/visitors')).items;

house.journey('an admin lets agents see who is on the site, and has the messenger say something first', async () => {
  server = await house.server();
  await server.setUp();
  inbox = await server.inbox();
  site = await Site.start(server);
  house.atEnd = () => site.stop();
  desk = await house.desk(server, OWNER);
  await desk.goto(`${server.url}/settings/inboxes/${inbox.id}/widget`);
  await desk.getByRole('button', { name: 'Make the chat' }).click();
  const code = desk.locator('.secret code').first();
  await code.waitFor();
  site.key = /data-key="([^"]+)"/.exec(await code.textContent())[1];
  // The line may be pinned to the script of now.
  await desk.getByText('Pin the script to what it is now (SRI)').click();
  await until(async () => /integrity="sha384-/.test(await code.textContent()), 'the line is pinned');
  await desk.getByText('Pin the script to what it is now (SRI)').click();
  await desk.getByText('Agents see who is on the site').click();
  await desk.getByText('Agents see the page a customer is on').click();
  await desk.getByText('Say something first').click();
  await desk.getByRole('button', { name: 'Add an invitation' }).click();
  await desk.getByRole('textbox', { name: 'Name, for your team' }).fill('A full cart');
  await desk.getByRole('textbox', { name: 'What it says · English' }).fill('Any questions before you order?');
  await desk.getByRole('button', { name: /What is looked at/ }).click();
  await desk.getByRole('option', { name: 'Something your site says' }).click();
  await accessible(desk, 'the settings of invitations');
  await picture(desk, 'invitation-settings');
  await desk.getByRole('button', { name: /^Save/ }).click();
  await desk.getByRole('button', { name: /^Save/ }).waitFor({ state: 'detached' });
  const { settings } = await server.api.get(`/inboxes/${inbox.id}/widget`);
  assert.deepEqual([settings.live, settings.page, settings.invitations.enabled], [true, true, true]);
  assert.deepEqual(settings.invitations.rules[0].when, [{ kind: 'attribute', op: 'at_least', name: 'cart_value', value: '100' }]);
});

house.journey('an agent sees a visitor come, go to another page without a reload, and what the site says of them', async () => {
  await desk.goto(`${server.url}/visitors`);
  await desk.getByRole('heading', { name: 'Nobody is on your site just now' }).waitFor();
  await accessible(desk, 'nobody is there');
  guest = await visit();
  const row = desk.locator('.visitor');
  await row.getByRole('link', { name: 'Haru Goods' }).waitFor();
  await row.getByText('First visit').waitFor();
  await guest.evaluate(() => {
    history.pushState({}, '', '/bowls/7');
    document.title = 'A blue bowl';
  });
  await row.getByRole('link', { name: 'A blue bowl' }).waitFor();
  await row.getByText(/2 pages/).waitFor();
  await sonnim(guest, 'attributes', { plan: 'pro', cart_value: 20 });
  await sonnim(guest, 'track', 'added_to_cart', { sku: 'B-7' });
  await row.getByText('Said by the site, not proven').waitFor();
  await row.getByRole('button', { name: /^More, / }).click();
  await row.locator('summary').click();
  await row.getByText('added_to_cart').waitFor();
  await accessible(desk, 'who is on the site');
  await picture(desk, 'visitors');
});

house.journey('on a phone the visitors are found in one’s own menu', async () => {
  const phone = await house.desk(server, OWNER, { width: 390, height: 844, touch: true });
  await phone.locator('.me').tap();
  const place = phone.getByRole('menuitem', { name: 'Visitors now' });
  await place.waitFor();
  await accessible(phone, 'one’s own menu on a phone');
  await picture(phone, 'visitors-menu-phone');
  await place.tap();
  await phone.waitForURL(/\/visitors$/);
  await phone.locator('.visitor').getByRole('link', { name: 'A blue bowl' }).waitFor();
  assert.equal(await phone.locator('.me[data-here]').count(), 1, 'the rail says where one is');
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await accessible(phone, 'the visitors on a phone');
  await picture(phone, 'visitors-phone');
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'ko' });
  await phone.emulateMedia({ colorScheme: 'dark' });
  await phone.reload();
  await phone.getByRole('heading', { name: '지금 방문자' }).waitFor();
  await phone.locator('.visitor').waitFor();
  await phone.locator('.me[data-here]').tap();
  await phone.getByRole('menuitem', { name: '지금 방문자' }).waitFor();
  await accessible(phone, 'one’s own menu on a phone, in Korean and dark');
  await picture(phone, 'visitors-menu-phone-ko-dark');
  await phone.keyboard.press('Escape');
  await picture(phone, 'visitors-phone-ko-dark');
  await phone.close();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'en' });
  await desk.reload();
  await desk.getByRole('heading', { name: 'Visitors now' }).waitFor();
});

house.journey('an agent speaks first, the visitor answers, and the chat is the agent’s', async () => {
  const row = desk.locator('.visitor');
  await row.getByRole('button', { name: /^Invite/ }).click();
  const dialog = desk.getByRole('dialog', { name: /^Say something to/ });
  await dialog.getByRole('textbox').fill('May I help you choose?');
  await accessible(desk, 'speaking first');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const card = inside(guest).locator('.invite');
  await card.getByText('May I help you choose?').first().waitFor();
  assert.equal(await card.locator('b').textContent(), 'Mina');
  await until(async () => (await card.getByRole('status').textContent()).includes('May I help you choose?'), 'it is read out');
  await picture(guest, 'invitation');
  const frame = guest.locator('sonnim-widget iframe');
  const box = await frame.boundingBox();
  assert.ok(box.height < 260 && box.height > 60, `as high as its words: ${box.height}`);
  await accessible(guest, 'an invitation');
  await card.getByRole('button', { name: /May I help/ }).click();
  // Whoever speaks has the same name in the card, over the words, and in the conversation.
  const talk = inside(guest);
  const said = () => talk.locator('.msg.us').filter({ hasText: 'May I help you choose?' });
  await card.waitFor({ state: 'detached' });
  await said().getByText('Mina', { exact: true }).waitFor();
  await talk.getByRole('heading', { name: 'Mina', exact: true }).waitFor();
  await picture(guest, 'invitation-answering');
  await guest.reload();
  await frameOf(guest);
  await said().getByText('Mina', { exact: true }).waitFor();
  await say(talk, 'Yes: is it safe in the oven?');
  await talk.locator('.msg.me').getByText('Yes: is it safe in the oven?').waitFor();
  await said().getByText('Mina', { exact: true }).waitFor();
  assert.equal(await said().count(), 1, 'it is said once');
  await row.getByRole('link', { name: /In a chat with/ }).click();
  await desk.locator('.ev').getByText('May I help you choose?').waitFor();
  await desk.locator('article.msg').getByText('Yes: is it safe in the oven?').waitFor();
  const [chat] = (await server.api.get('/conversations', { q: 'channel:chat' })).items;
  assert.equal(chat.assignee.id, server.api.me.agent.id);
  await desk.getByText('Said by the site, not proven').waitFor();
  await desk.getByText('cart_value').first().waitFor();
  await accessible(desk, 'a chat that began with an invitation');
  await guest.context().close();
});

house.journey('an invitation by rule comes when its conditions are true, goes with Escape, and does not come back', async () => {
  const page = await visit();
  await frameOf(page);
  await sonnim(page, 'attributes', { cart_value: 20 });
  const card = inside(page).locator('.invite');
  await sonnim(page, 'attributes', { cart_value: 140 });
  await card.getByText('Any questions before you order?').first().waitFor();
  await card.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  assert.equal(await page.locator('sonnim-widget').evaluate((host) => host.className), '');
  await page.reload();
  await frameOf(page);
  await sonnim(page, 'attributes', { cart_value: 150 });
  await until(async () => (await live()).some((one) => one.attributes.some((fact) => fact.value === 150)), 'the site has said it');
  assert.equal(await card.count(), 0);
  const counts = await server.api.get(`/inboxes/${inbox.id}/widget/invitations`);
  assert.deepEqual([counts.items[0].shown, counts.items[0].answered], [1, 0]);
  await page.context().close();
});

house.journey('an invitation by a rule in an agent’s name keeps that name', async () => {
  const path = `/inboxes/${inbox.id}/widget`;
  const { settings } = await server.api.get(path);
  const [rule] = settings.invitations.rules;
  const named = { ...rule, id: 'named', from: 'agent', words: { en: 'Shall I look it up for you?' }, when: [{ kind: 'url', op: 'contains', value: 'named' }] };
  await server.api.put(path, { ...settings, invitations: { ...settings.invitations, rules: [named, rule] } });
  await server.api.post('/queues', { name: 'Nobody’s', filter: { field: 'subject', operator: 'contains', value: 'no such words' } });
  await server.api.put('/availability/me', { state: 'online' });
  const page = await visit();
  await frameOf(page);
  await page.evaluate(() => history.pushState({}, '', '/named'));
  const talk = inside(page);
  const card = talk.locator('.invite');
  await card.getByText('Shall I look it up for you?').first().waitFor();
  assert.equal(await card.locator('b').textContent(), 'Mina');
  await picture(page, 'invitation-named');
  await card.getByRole('button', { name: /Shall I look/ }).click();
  await card.waitFor({ state: 'detached' });
  const said = talk.locator('.msg.us').filter({ hasText: 'Shall I look it up for you?' });
  await said.getByText('Mina', { exact: true }).waitFor();
  await say(talk, 'Please do.');
  await talk.locator('.msg.me').getByText('Please do.').waitFor();
  const [chat] = await until(async () => {
    const all = (await server.api.get('/conversations', { q: 'channel:chat' })).items.filter((one) => one.subject === 'Please do.');
    return all.length > 0 && all;
  }, 'the chat has begun');
  assert.equal(chat.assignee, null, 'a rule gives it to nobody');
  await said.getByText('Mina', { exact: true }).waitFor();
  await page.reload();
  await frameOf(page);
  await said.getByText('Mina', { exact: true }).waitFor();
  await accessible(page, 'a chat that began with a named invitation');
  await page.context().close();
});

house.journey('a visitor who has not agreed is seen by nobody, and one who agrees no longer is forgotten', async () => {
  await until(async () => (await live()).length === 0, 'everybody has left');
  const page = await visit({ data: { consent: 'required' } });
  await frameOf(page);
  await sonnim(page, 'attributes', { plan: 'secret' });
  await page.evaluate(() => history.pushState({}, '', '/secret'));
  // Agreeing comes after all of that, and is the first that the server hears of them.
  await sonnim(page, 'consent', true);
  const [one] = await until(async () => {
    // The page is looked at once a second.
    const all = await live();
    return /\/secret$/.test(all[0]?.page?.url) && all;
  }, 'who agreed is there, on the page of now');
  await sonnim(page, 'consent', false);
  await until(async () => (await live()).length === 0, 'who agrees no longer is not there');
  const { visitor } = await server.api.get(`/visitors/${one.id}`);
  assert.deepEqual([visitor.page, visitor.attributes], [null, []]);
  await page.context().close();
});

house.journey('the messenger finds what the site has written, and takes it for text', async () => {
  const page = await visit();
  await frameOf(page);
  await page.evaluate(() =>
    window.Sonnim('articles', {
      search: async (q) => [
        { title: `About ${q} <img src=x>`, url: 'https://shop.example/help/1', snippet: 'In short' },
        { title: 'Never', url: 'javascript:alert(1)' },
      ],
    }),
  );
  const talk = await openMessenger(page);
  await talk.getByRole('searchbox', { name: 'Find an answer' }).fill('oven');
  const link = talk.getByRole('link', { name: /About oven <img src=x>/ });
  await link.waitFor();
  assert.deepEqual([await link.getAttribute('href'), await link.getAttribute('target')], ['https://shop.example/help/1', '_blank']);
  assert.equal(await talk.getByRole('link').count(), 1);
  await accessible(page, 'a search in articles');
  await picture(page, 'widget-articles');
  await page.context().close();
});
