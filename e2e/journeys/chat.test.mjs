import assert from 'node:assert/strict';
import { accessible, picture } from '../lib/browser.mjs';
import { openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { OWNER } from '../lib/server.mjs';
import { Visitor } from '../lib/visitor.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let page;
let key;
let visitor;
let inbox;

house.journey('an admin makes the chat of an inbox and gets the line for the pages', async () => {
  server = await house.server();
  await server.setUp();
  inbox = await server.inbox();
  page = await house.desk(server, OWNER);
  await page.goto(`${server.url}/settings/inboxes`);
  await page.getByRole('link', { name: /Help/ }).first().click();
  await page.getByRole('button', { name: 'Chat on your site' }).click();
  await page.getByRole('button', { name: 'Make the chat' }).click();
  const code = page.locator('.secret code');
  await code.waitFor();
  key = /data-key="([^"]+)"/.exec(await code.textContent())[1];
  await page.getByText('Agents see words before they are sent').click();
  await page.getByRole('textbox', { name: 'One address in each line' }).fill('shop.example');
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.getByText('is no site. Write it like https://shop.example').waitFor();
  await page.getByRole('textbox', { name: 'One address in each line' }).fill('https://Shop.example/cart');
  await page.getByText('Ask when nobody is there').click();
  await page.getByRole('button', { name: 'Email address' }).click();
  await accessible(page, 'the settings of the widget');
  await picture(page, 'widget-settings');
  await page.getByRole('button', { name: /^Save/ }).click();
  await page.getByRole('button', { name: /^Save/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Make a secret' }).click();
  await page.getByRole('dialog', { name: 'The new secret' }).locator('code').waitFor();
  await page.getByRole('button', { name: /copied/ }).click();
  const widget = await server.api.get(`/inboxes/${inbox.id}/widget`);
  assert.deepEqual([widget.settings.origins, widget.settings.typing_preview, widget.has_secret], [['https://shop.example'], true, true]);
  assert.equal(widget.settings.pre_chat.fields[0].key, 'email');
});

house.journey('an agent sees a chat come in, what is being written, and answers with Enter', async () => {
  await page.goto(`${server.url}/inbox/all_open`);
  visitor = await Visitor.open(server, key);
  visitor.listen();
  await visitor.call('POST', '/visitor', { name: 'Jun Park' });
  await visitor.begin('Hello, does this bowl go into the oven?', { email: 'jun@customer.test' });
  await row(page, 'does this bowl').waitFor();
  await openRow(page, 'does this bowl');
  await page.locator('.chat-line').getByText('On the page now').waitFor();
  await visitor.typing('and also the pla');
  await page.locator('.chat-typing').getByText('and also the pla').waitFor();
  await visitor.say('And also the plate?');
  await page.locator('article.msg').getByText('And also the plate?').waitFor();
  await until(async () => !(await page.locator('.chat-typing').textContent()).includes('pla'), 'what was sent is not being written any more');
  const text = page.getByRole('textbox', { name: 'Reply' });
  await text.click();
  await page.keyboard.type('Both do, up to 220 degrees.');
  await accessible(page, 'a chat');
  await picture(page, 'chat-agent');
  await page.keyboard.press('Enter');
  await until(async () => (await visitor.messages()).some((m) => m.from === 'agent' && m.text.includes('220 degrees')), 'the customer has the answer');
  await until(() => visitor.frames.some((f) => f.kind === 'message' && f.message.text.includes('220 degrees')), 'the customer heard the answer');
  const all = await visitor.messages();
  await visitor.call('POST', `/conversations/${visitor.id}/read`, { message: all.at(-1).id });
  await page.locator('article.msg').last().getByText('· Seen').waitFor();
  // The next one goes the same way: the composer is empty and has the focus.
  await page.keyboard.type('Anything else?');
  await page.keyboard.press('Enter');
  await until(async () => (await visitor.messages()).filter((m) => m.from === 'agent').length === 2, 'the second answer is there');
});

house.journey('patience is asked for with a promised time, and the next answer ends it', async () => {
  await page.getByRole('button', { name: 'Chat', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Put on hold …' }).click();
  const dialog = page.getByRole('dialog', { name: /patience/ });
  await dialog.getByText('10 min').click();
  await accessible(page, 'asking for patience');
  await picture(page, 'chat-hold');
  await dialog.getByRole('button', { name: 'Put on hold' }).click();
  await page.locator('.chat-hold').getByText(/On hold until/).waitFor();
  const [held] = (await visitor.call('GET', '/conversations')).items;
  assert.equal(held.state, 'on_hold');
  assert.ok(held.hold.text.length > 0);
  await page.getByRole('textbox', { name: 'Reply' }).click();
  await page.keyboard.type('Here I am again.');
  await page.keyboard.press('Enter');
  await page.locator('.chat-hold').waitFor({ state: 'detached' });
});

house.journey('several chats stand side by side, each with a key', async () => {
  const second = await Visitor.open(server, key);
  await second.call('POST', '/visitor', { name: 'Ada Lee' });
  await second.begin('My parcel is late.', { email: 'ada@customer.test' });
  const me = server.api.me.agent.id;
  for (const one of [visitor, second]) await server.api.patch(`/conversations/${one.id}`, { assignee_id: me });
  const strip = page.getByRole('navigation', { name: 'Your chats' });
  await strip.getByRole('link', { name: /Jun Park/ }).waitFor();
  await strip.getByRole('link', { name: /Ada Lee/ }).waitFor();
  await page.keyboard.press('Alt+2');
  await page.locator('article.msg').getByText('My parcel is late.').waitFor();
  await picture(page, 'chat-strip');
  await accessible(page, 'chats side by side');
  await page.keyboard.press('Alt+1');
  await page.locator('article.msg').getByText('Here I am again.').waitFor();
});

house.journey('the agent ends the chat, and in Korean it reads as in Korean', async () => {
  await page.getByRole('button', { name: 'Chat', exact: true }).click();
  await page.getByRole('menuitem', { name: 'End the chat' }).click();
  await page.locator('.ev').filter({ hasText: 'ended the chat' }).waitFor();
  await page.locator('.chat-line').getByText('This chat has ended').waitFor();
  assert.equal((await visitor.call('GET', '/conversations')).items[0].state, 'ended');
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'ko' });
  await page.locator('.chat-line').getByText('끝난 채팅입니다').waitFor();
  await picture(page, 'chat-ko');
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { language: 'en' });
  visitor.close();
});
