import assert from 'node:assert/strict';
import { accessible, live } from '../lib/browser.mjs';
import { editor, message, openRow, reply } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { sleep, until } from '../lib/wait.mjs';

const house = new House();
const ADA = 'ada@customer.test';
const HELP = 'help@shop.test';
let server;
let page;
let conversation;

const replies = async (text) => (await server.api.all(`/conversations/${conversation}/messages`)).filter((m) => m.kind === 'reply' && m.text.includes(text));
const mails = (text) => house.postfix.mailbox('ada').filter((mail) => mail.text.includes(text));
/** Gone out exactly once: one message, one mail, and nothing more a moment later. */
async function once(text) {
  await house.postfix.arrival('ada', (mail) => mail.text.includes(text));
  await message(page, text).getByText(/^Sent /).waitFor();
  await sleep(700);
  assert.deepEqual([(await replies(text)).length, mails(text).length, await message(page, text).count()], [1, 1, 1]);
}

house.journey('without a network a banner says so, and a reply is kept, also over a second one', async () => {
  server = await house.shop();
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  page = await house.desk(server, OWNER);
  await house.postfix.send({ from: ADA, to: HELP, raw: letter({ from: ADA, name: 'Ada Lee', to: HELP, subject: 'Still there?', text: 'Hello?' }).raw });
  await openRow(page, 'Still there?');
  conversation = new URL(page.url()).pathname.split('/').pop();

  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await reply(page, 'First without a network.');
  await message(page, 'First without').getByText('Waits for the connection').waitFor();
  await reply(page, 'Second without a network.');
  await message(page, 'Second without').getByText('Waits for the connection').waitFor();
  await page.getByText('2 messages are kept here').waitFor();
  await accessible(page, 'a thread without a network');
  assert.equal((await replies('without a network')).length, 0);
});

house.journey('one that waits can be taken back, and what is being written meanwhile stays', async () => {
  await editor(page).click();
  await page.keyboard.type('And more.');
  await message(page, 'Second without').getByRole('button', { name: 'Take back' }).click();
  await until(async () => /Second without a network\.\s+And more\./.test(await editor(page).innerText()), 'both texts are in the composer');
  await page.getByText('Kept on this device').waitFor();
});

house.journey('the network returns: what waited goes out once, the draft reaches the server', async () => {
  await page.context().setOffline(false);
  await until(async () => (await replies('First without')).length === 1, 'the reply is on the server');
  await once('First without');
  await until(async () => (await page.getByText('You are offline.').count()) === 0, 'the banner is gone');
  const draft = await until(() => server.api.get(`/conversations/${conversation}/draft`), 'the draft is on the server');
  assert.match(draft.html, /Second without a network.*And more/);
  await page.getByText('Draft saved').waitFor();
});

house.journey('an answer of the server that got lost is asked for again, not sent again', async () => {
  await page.route('**/replies', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  }, { times: 1 });
  await editor(page).click();
  await page.keyboard.press('Control+A');
  await reply(page, 'Sent, but unheard.');
  await once('Sent, but unheard.');
});

house.journey('a server that is killed and started again gets what was written meanwhile, once, also by a page loaded anew', async () => {
  await server.stop('SIGKILL');
  await reply(page, 'While the server was down.');
  await message(page, 'While the server').getByText('Waits for the connection').waitFor();
  await editor(page).click();
  await page.keyboard.type('Half a thought');
  await page.getByText('Kept on this device').waitFor();
  await server.run();
  // Before the page notices, it is loaded anew.
  await page.reload();
  await live(page);
  await once('While the server was down.');
  await until(async () => (await editor(page).innerText()).includes('Half a thought'), 'the draft was kept');
  await until(async () => (await server.api.get(`/conversations/${conversation}/draft`)).html.includes('Half a thought'), 'and reaches the server');
});

house.journey('two devices wrote on the draft while one had no network: both texts are kept', async () => {
  await page.context().setOffline(true);
  await editor(page).click();
  await page.keyboard.press('End');
  await page.keyboard.type(', written on the train');
  await page.getByText('Kept on this device').waitFor();
  const { version } = await server.api.get(`/conversations/${conversation}/draft`);
  await server.api.put(`/conversations/${conversation}/draft`, { kind: 'reply', html: '<p>Written at the desk</p>', to: [], cc: [], bcc: [], attachment_ids: [], version });
  await page.context().setOffline(false);
  await page.getByText('Both texts are here now').waitFor();
  await until(async () => /Written at the desk.*written on the train/s.test((await server.api.get(`/conversations/${conversation}/draft`)).html), 'the server has both');
  await editor(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
});

house.journey('an answer that a newer message overtook asks before it goes', async () => {
  await page.context().setOffline(true);
  await reply(page, 'Late answer.');
  await message(page, 'Late answer.').getByText('Waits for the connection').waitFor();
  const colleague = server.agent({ name: 'Jun Lee', email: 'jun@team.test' });
  const jun = await server.signIn(colleague);
  await jun.post(`/conversations/${conversation}/replies`, { html: '<p>A colleague was faster.</p>' });
  await page.context().setOffline(false);
  const late = message(page, 'Late answer.');
  await late.getByText(/Someone has answered/).waitFor();
  await accessible(page, 'a message that was refused');
  assert.equal((await replies('Late answer.')).length, 0);
  await late.getByRole('button', { name: 'Send anyway' }).click();
  await once('Late answer.');
});

house.journey('the offer to undo lasts as long as the window', async () => {
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 3 } });
  await reply(page, 'Three seconds to think.');
  const offer = page.locator('.toast').filter({ hasText: 'Undo' });
  await offer.waitFor();
  const began = Date.now();
  await until(async () => (await offer.count()) === 0, 'the offer is gone');
  const took = Date.now() - began;
  assert.ok(took > 1_800 && took < 3_300, `it lasted ${took} ms`);
  await once('Three seconds to think.');
});
