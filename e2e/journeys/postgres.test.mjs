import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { message, openRow, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { Postfix } from '../lib/postfix.mjs';
import { scratch } from '../lib/scratch.mjs';
import { OWNER } from '../lib/server.mjs';
import { sleep, until } from '../lib/wait.mjs';

const house = new House();
const tool = join(import.meta.dirname, '../../bin/lib/test-postgres');
const HELP = 'help@shop.test';
let a;
let b;

/** A fresh database in the cluster of this test run, or in one of our own. */
function database() {
  let url = process.env.SONNIM_TEST_DATABASE_URL;
  if (!url) {
    const folder = scratch('postgres');
    url = execFileSync(tool, ['start', folder], { encoding: 'utf8' }).trim();
    house.atEnd = () => execFileSync(tool, ['stop', folder]);
  }
  const name = `e2e_${process.pid}_${Date.now()}`;
  execFileSync('psql', ['-q', url, '-c', `CREATE DATABASE ${name}`]);
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.href;
}

house.journey('two nodes on one PostgreSQL: mail into one, the screen at the other', async (t) => {
  const databaseUrl = database();
  // One secret for both, as in docs/operations.md.
  const env = { SONNIM_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') };
  a = await house.server({ databaseUrl, env });
  await a.setUp();
  b = await house.server({ databaseUrl, env, publicUrl: undefined });
  house.postfix = await Postfix.start({ lmtp: a.lmtp });
  await a.inbox({ smtpPort: house.postfix.port });
  b.api = await b.signIn(OWNER);

  const page = await house.desk(b, OWNER);
  const mail = letter({ from: 'ada@customer.test', name: 'Ada Lee', to: HELP, subject: 'Two nodes', text: 'Is anybody there?' });
  const began = Date.now();
  await house.postfix.send({ from: 'ada@customer.test', to: HELP, raw: mail.raw });
  await row(page, 'Two nodes').waitFor();
  t.diagnostic(`from Postfix to the other node's screen: ${Date.now() - began} ms`);
  await openRow(page, 'Two nodes');
  const { items } = await a.api.get('/conversations?view=all');
  await a.api.post(`/conversations/${items[0].id}/notes`, { text: 'noted at the first node' });
  await message(page, 'noted at the first node').waitFor();
});

house.journey('every job runs once, whichever node takes it', async () => {
  for (const node of [a, b]) await node.api.patch(`/agents/${node.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  const { items } = await a.api.get('/conversations?view=all');
  const texts = Array.from({ length: 20 }, (_x, n) => `answer number ${n} ends`);
  await Promise.all(texts.map((text, n) => [a, b][n % 2].api.post(`/conversations/${items[0].id}/replies`, { text })));
  await until(() => texts.every((text) => house.postfix.mailbox('ada').some((m) => m.text.includes(text))), 'every answer arrives', 60_000);
  await until(async () => (await a.api.get(`/conversations/${items[0].id}/messages?limit=100`)).items.every((m) => m.kind !== 'reply' || m.delivery.state === 'sent'), 'every answer is noted as sent');
  await sleep(1500);
  assert.equal(house.postfix.mailbox('ada').length, texts.length);
});

house.journey('a node dies and the other goes on', async () => {
  await a.stop('SIGKILL');
  const page = house.pages[0];
  await b.deliver({ from: 'bo@customer.test', to: HELP, raw: letter({ from: 'bo@customer.test', to: HELP, subject: 'After the death', text: 'Still there?' }).raw });
  await until(async () => (await b.api.get('/conversations?view=all_open')).items.some((c) => c.subject === 'After the death'), 'the other node works on', 30_000);
  await until(async () => {
    const pill = page.getByRole('button', { name: /\d new/ });
    if (await pill.count()) await pill.first().click();
    return (await row(page, 'After the death').count()) === 1;
  }, 'its screen shows it');
});
