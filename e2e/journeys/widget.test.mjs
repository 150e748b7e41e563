import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { editor, message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { frameOf, inside, launcher, openMessenger, Site, say, widgetOf } from '../lib/site.mjs';
import { sleep, until } from '../lib/wait.mjs';

const house = new House();
let server;
let site;
let agent;
let visitor;
let talk;
let settings;

const bubble = (where, text) => where.locator('.msg').filter({ hasText: text });
/** The agent answers, in the app. */
const answer = async (text) => {
  await agent.getByRole('textbox', { name: 'Reply' }).click();
  await agent.keyboard.type(text);
  await agent.keyboard.press('Enter');
  await message(agent, text).waitFor();
};
const messages = async () => {
  const { items } = await server.api.get('/conversations?view=all_open');
  const all = await Promise.all(items.map((c) => server.api.all(`/conversations/${c.id}/messages`)));
  return all.flat();
};
/** How often the customer said something, by the server's word. */
const said = async (text) => (await messages()).filter((m) => m.kind === 'customer' && m.text.includes(text)).length;

/** A page of the site in a browser of its own. */
async function visit(options = {}, window = {}) {
  const page = await house.window({ url: site.origin }, window);
  await page.goto(site.url(options));
  return page;
}

house.journey('an agent sets the widget up, and its line shows a launcher on another origin', async () => {
  server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  site = await Site.start(server);
  house.atEnd = () => site.stop();
  settings = widgetOf(site);
  const widget = await server.api.put(`/inboxes/${house.help.id}/widget`, settings);
  site.key = widget.key;
  agent = await house.desk(server, OWNER);
  visitor = await visit({ hostile: true });
  await launcher(visitor).waitFor();
  await until(
    () => visitor.evaluate(() => getComputedStyle(document.querySelector('sonnim-widget')).getPropertyValue('--c').trim() === '#0f554e'),
    'it wears the inbox’s colour',
  );
  const box = await launcher(visitor).boundingBox();
  assert.deepEqual([box.width, box.height], [56, 56], 'hostile rules do not reach it');
  assert.deepEqual(await visitor.evaluate(() => Object.keys(window).filter((name) => /sonnim/i.test(name))), ['Sonnim'], 'one global and no more');
});

house.journey('it opens at once, and keyboard and screen reader find their way', async (t) => {
  await frameOf(visitor);
  await inside(visitor).locator('#ask').waitFor({ state: 'attached' });
  await inside(visitor)
    .locator('html')
    .evaluate(() => new Promise((done) => requestIdleCallback(done)));
  const took = await visitor.evaluate(
    () =>
      new Promise((done) => {
        const host = document.querySelector('sonnim-widget');
        const began = performance.now();
        host.shadowRoot.querySelector('button').click();
        const look = () =>
          getComputedStyle(host.shadowRoot.querySelector('iframe')).visibility === 'visible' ? done(performance.now() - began) : requestAnimationFrame(look);
        requestAnimationFrame(look);
      }),
  );
  t.diagnostic(`from the click to the open messenger: ${took.toFixed(0)} ms`);
  assert.ok(took < 100, `it opened within ${took} ms`);
  talk = inside(visitor);
  await talk.getByRole('heading', { name: 'Hello. How can we help?' }).waitFor();
  await until(() => talk.locator('#ask').evaluate((ask) => ask === document.activeElement), 'the first thing has the focus');
  await accessible(visitor, 'the start page of the messenger');
  await visitor.keyboard.press('Escape');
  await until(
    () => visitor.evaluate(() => document.querySelector('sonnim-widget').shadowRoot.activeElement?.localName === 'button'),
    'Escape leads back to the launcher',
  );
  await visitor.keyboard.press('Enter');
  await until(() => talk.locator('#ask').evaluate((ask) => ask === document.activeElement), 'and Enter opens it again');
});

house.journey('a visitor writes, the agent sees it and answers, the visitor sees that live', async (t) => {
  await talk.getByRole('button', { name: /Write to us/ }).click();
  await say(talk, 'Can I still change the address of HG-20954?');
  await bubble(talk, 'HG-20954').locator('.mark').getByText(/^Sent/).waitFor();
  await openRow(agent, 'HG-20954');
  await message(agent, 'Can I still change the address').waitFor();
  const began = Date.now();
  await answer('Yes, where shall it go?');
  await bubble(talk, 'Yes, where shall it go?').waitFor();
  t.diagnostic(`from the agent's answer to the visitor's screen: ${Date.now() - began} ms`);
  assert.match(await bubble(talk, 'Yes, where').locator('.by').innerText(), /^Mina · /, 'the given name and no more');
  await bubble(talk, 'HG-20954').locator('.mark').getByText(/^Seen/).waitFor();
  await accessible(visitor, 'a conversation in the messenger');
  await say(talk, 'To my office, please.');
  await message(agent, 'To my office, please.').waitFor();
});

house.journey('a reload goes on where one was, with what was being written', async () => {
  await talk.getByRole('textbox', { name: 'Message' }).fill('Half a thought');
  await visitor.reload();
  talk = inside(visitor);
  await bubble(talk, 'To my office, please.').waitFor();
  assert.equal(await talk.getByRole('textbox', { name: 'Message' }).inputValue(), 'Half a thought');
  await talk.getByRole('textbox', { name: 'Message' }).fill('');
});

house.journey('a second tab shows the same, live on both sides', async () => {
  const second = await visitor.context().newPage();
  second.troubles = visitor.troubles;
  await second.goto(site.url());
  const other = await openMessenger(second);
  // It opens where one was, or on its first page, which has the conversation once the server has said so.
  const row = other.locator('.talkrow').first();
  await row.or(other.locator('.talk')).first().waitFor();
  if (await row.count()) await row.click();
  await bubble(other, 'To my office, please.').waitFor();
  await say(other, 'From the second tab.');
  await bubble(talk, 'From the second tab.').waitFor();
  assert.equal(await bubble(talk, 'From the second tab.').count(), 1);
  await second.close();
});

house.journey('without a network words are kept, and arrive once when it is back', async () => {
  await visitor.context().setOffline(true);
  await talk.getByText(/^No connection/).waitFor();
  await say(talk, 'Written in the tunnel.');
  await bubble(talk, 'Written in the tunnel.')
    .getByText(/Kept here/)
    .waitFor();
  await say(talk, 'And one more there.');
  assert.equal(await said('Written in the tunnel.'), 0);
  await visitor.context().setOffline(false);
  await bubble(talk, 'And one more there.')
    .locator('.mark').getByText(/^(Sent|Seen)/)
    .waitFor();
  await sleep(700);
  assert.deepEqual([await said('Written in the tunnel.'), await said('And one more there.')], [1, 1]);
  assert.equal(await bubble(talk, 'Written in the tunnel.').count(), 1);
});

house.journey('an answer of the server that got lost is asked for again, not said twice', async () => {
  await visitor.route(
    '**/messages',
    async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
  await say(talk, 'Sent, but unheard.');
  await bubble(talk, 'Sent, but unheard.')
    .locator('.mark').getByText(/^(Sent|Seen)/)
    .waitFor();
  await sleep(1_500);
  assert.deepEqual([await said('Sent, but unheard.'), await bubble(talk, 'Sent, but unheard.').count()], [1, 1]);
});

house.journey('a server that is killed loses nobody a word, also over a reload', async () => {
  await server.stop('SIGKILL');
  await say(talk, 'While you were away.');
  await bubble(talk, 'While you were away.')
    .getByText(/Kept here|Sending/)
    .waitFor();
  await server.run();
  await visitor.reload();
  talk = inside(visitor);
  await bubble(talk, 'While you were away.')
    .locator('.mark').getByText(/^(Sent|Seen)/)
    .waitFor({ timeout: 30_000 });
  await sleep(700);
  assert.equal(await said('While you were away.'), 1);
  await message(agent, 'While you were away.').waitFor({ timeout: 40_000 });
});

house.journey('closed, the launcher and the title count what came, and opening shows it', async () => {
  await talk.getByRole('button', { name: 'Close the chat' }).click();
  await answer('We are back, sorry.');
  await until(async () => /1 unread/.test(await launcher(visitor).getAttribute('aria-label')), 'the launcher says so');
  assert.match(await visitor.title(), /^\(1\) /);
  await accessible(visitor, 'a launcher with a count');
  await launcher(visitor).click();
  await bubble(talk, 'We are back, sorry.').waitFor();
  await until(async () => (await visitor.title()) === 'Haru Goods', 'the title is the site’s own again');
});

house.journey('a file goes along, and a picture is shown', async () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGNgaGDAgQaEFDQAAJ0eDAFyPvsJAAAAAElFTkSuQmCC', 'base64');
  await talk
    .locator('input[type=file]')
    .first()
    .setInputFiles([
      { name: 'bowl.png', mimeType: 'image/png', buffer: png },
      { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('a crack at the rim') },
    ]);
  await talk.getByText('note.txt').waitFor();
  await until(async () => (await talk.locator('.going progress').count()) === 0, 'both are up');
  await say(talk, 'It looks like this.');
  await bubble(talk, 'It looks like this.').locator('.pic img').waitFor();
  await bubble(talk, 'It looks like this.').getByText('note.txt').waitFor();
  await message(agent, 'It looks like this.').getByText('note.txt').first().waitFor();
});

house.journey('an emoji is found by its name', async () => {
  await talk.getByRole('button', { name: 'Emoji' }).click();
  await talk.getByRole('searchbox', { name: 'Find an emoji' }).fill('teapot');
  await accessible(visitor, 'the emoji');
  await talk.getByRole('button', { name: 'teapot' }).click();
  await until(async () => (await talk.getByRole('textbox', { name: 'Message' }).inputValue()) === '🫖', 'it stands in the text');
  await talk.getByRole('textbox', { name: 'Message' }).fill('');
});

house.journey('one ends it, rates it, and may write again', async () => {
  await talk.getByRole('button', { name: 'More' }).click();
  await talk.getByRole('button', { name: 'End the conversation' }).click();
  await talk.getByRole('button', { name: 'End it' }).click();
  await talk.getByText('This conversation has ended.').waitFor();
  await talk.getByText('Great', { exact: true }).click();
  await accessible(visitor, 'a rating');
  await talk.getByRole('button', { name: 'Send', exact: true }).first().click();
  await talk.getByText('Thank you for telling us.').waitFor();
  await say(talk, 'One more thing.');
  await bubble(talk, 'One more thing.')
    .locator('.mark').getByText(/^(Sent|Seen)/)
    .waitFor();
});

house.journey('who does not wait gets the answer by mail, and their mail comes back into the same conversation', async () => {
  await talk.getByRole('button', { name: 'More' }).click();
  await talk.getByRole('button', { name: 'Answer me by mail instead' }).click();
  await talk.getByLabel('Your mail address').fill('ada@customer');
  await talk.getByRole('button', { name: 'Answer me by mail', exact: true }).click();
  await talk.getByText('This is not a whole mail address.').waitFor();
  await accessible(visitor, 'a sheet with a fault');
  await talk.getByLabel('Your mail address').fill('ada@customer.test');
  await talk.getByRole('button', { name: 'Answer me by mail', exact: true }).click();
  await talk.getByText('We will answer to ada@customer.test.').waitFor();
  await talk.getByText('We also answer to a•••@customer.test.').waitFor();
  const { items } = await server.api.get('/conversations?view=all_open');
  await server.api.post(`/conversations/${items[0].id}/replies`, { html: '<p>It left our studio today.</p>' });
  const mail = await house.postfix.arrival('ada', (one) => one.text.includes('It left our studio today.'));
  assert.match(mail.headers.subject, /HG-20954/);
  await bubble(talk, 'It left our studio today.').waitFor();
  const back = letter({ from: 'ada@customer.test', to: 'help@shop.test', subject: `Re: ${mail.headers.subject}`, text: 'Thank you, by mail.', inReplyTo: mail.headers['message-id'] });
  await house.postfix.send({ from: 'ada@customer.test', to: 'help@shop.test', raw: back.raw });
  await message(agent, 'Thank you, by mail.').waitFor();
  await bubble(talk, 'Thank you, by mail.').waitFor();
});

house.journey('the visitor sees that somebody writes, and the agent that the visitor does', async () => {
  await editor(agent).click();
  await agent.keyboard.type('Let me look');
  await talk.getByText('Mina is writing').waitFor();
  await agent.keyboard.press('Control+A');
  await agent.keyboard.press('Delete');
  const signs = [];
  const stream = await fetch(`${server.url}/api/v1/stream`, { headers: server.api.headers });
  const reader = stream.body.pipeThrough(new TextDecoderStream()).getReader();
  const read = (async () => {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      if (done) return;
      signs.push(value);
    }
  })();
  await until(() => signs.join('').includes('hello'), 'the agent’s stream runs');
  await talk.getByRole('textbox', { name: 'Message' }).pressSequentially('A secret thought');
  await until(() => signs.join('').includes('visitor_typing'), 'the agent is told');
  assert.ok(!signs.join('').includes('secret'), 'but not what, where the inbox does not want it');
  await reader.cancel();
  await read;
  await talk.getByRole('textbox', { name: 'Message' }).fill('');
});

house.journey('shutting down forgets the visitor', async () => {
  await visitor.evaluate(() => window.Sonnim('shutdown'));
  await until(async () => (await visitor.locator('sonnim-widget').count()) === 0, 'it is gone from the page');
  await visitor.goto(site.url());
  const anew = await openMessenger(visitor);
  await anew.locator('#ask').waitFor();
  assert.equal(await anew.locator('.talkrow').count(), 0, 'nothing of before');
});
