import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { scratch } from '../lib/scratch.mjs';
import { SONNIM } from '../lib/server.mjs';
import { handIn } from '../lib/smtp.mjs';
import { sleep, until } from '../lib/wait.mjs';

const house = new House();
const HELP = 'help@shop.test';
let server;

const mailFrom = (n, subject) => {
  const from = `c${n}@customer.test`;
  return { from, to: HELP, raw: letter({ from, to: HELP, subject, text: `This is ${subject}.`, id: `${subject.replace(/\W/g, '-')}@customer.test` }).raw };
};
const settled = (one = server) =>
  until(async () => (await one.api.get('/inbound-mail?state=received')).items.length === 0, 'every accepted mail is processed', 30_000);
/** Subject → how many conversations and messages have it. */
async function found(one, word) {
  const conversations = (await one.api.all('/conversations?view=all')).filter((c) => c.subject.startsWith(word));
  return conversations.map((c) => [c.subject, c.message_count]).sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
}

house.journey('what was accepted before a kill -9 is exactly one conversation afterwards', async (t) => {
  server = await house.shop();
  const accepted = new Set();
  let kills = 0;
  for (let n = 1; n <= 20; n += 1) {
    const mail = mailFrom(n, `killed ${n}`);
    // The sender tries again until somebody says 250, as every mail server does.
    for (let attempt = 0; !accepted.has(n); attempt += 1) {
      assert.ok(attempt < 5, 'a mail is taken in the end');
      // A third dies right after the 250, a third somewhere in between, a third never.
      const when = attempt > 0 ? 'never' : ['after', 'during', 'never'][n % 3];
      const death = when === 'during' ? sleep(Math.random() * 12).then(() => server.stop('SIGKILL')) : null;
      try {
        await server.deliver(mail);
        accepted.add(n);
      } catch {}
      if (when === 'after') await server.stop('SIGKILL');
      await death;
      if (when !== 'never') {
        kills += 1;
        await server.run();
      }
    }
  }
  await settled();
  assert.deepEqual(await found(server, 'killed'), Array.from({ length: 20 }, (_x, i) => [`killed ${i + 1}`, 1]));
  t.diagnostic(`${kills} kills among 20 mails`);
});

house.journey('a reply that was queued before a kill -9 goes out once', async () => {
  const { items } = await server.api.get('/conversations?view=all_open&limit=1');
  await server.api.patch(`/agents/${server.api.me.agent.id}`, { preferences: { undo_seconds: 0 } });
  const send = (text) => server.api.post(`/conversations/${items[0].id}/replies`, { text, to: [{ address: 'ada@customer.test', name: null }] });
  for (let n = 1; n <= 5; n += 1) {
    await send(`sent before kill ${n}.`);
    await sleep(Math.random() * 30);
    await server.stop('SIGKILL');
    await server.run();
  }
  // A job whose worker died is free again when its lease ends.
  await until(() => new Set(house.postfix.mailbox('ada').map((m) => /before kill \d/.exec(m.text)?.[0])).size >= 5, () => `all replies leave; there are ${house.postfix.mailbox('ada').length}`, 150_000);
  const ids = house.postfix.mailbox('ada').map((m) => m.headers['message-id']);
  // A kill between the other side's 250 and our note of it can only be met by sending again, under the same Message-ID.
  assert.equal(new Set(ids).size, 5, 'each reply keeps its Message-ID');
});

house.journey('the same mail by LMTP, SMTP and the API is one message', async () => {
  const mail = mailFrom(77, 'by many ways');
  await server.deliver(mail);
  await handIn(server.smtp, mail);
  await server.api.post(`/inboxes/${house.help.id}/mail`, mail.raw);
  await settled();
  assert.deepEqual(await found(server, 'by many'), [['by many ways', 1]]);
});

house.journey('a backup under load restores to the same numbers, and nothing is sent again', async () => {
  const token = server.command(['token', 'create', '--email', 'mina@team.test', '--scope', 'write']);
  assert.match(token, /^snm_/);
  await settled();
  const sentBefore = house.postfix.mailbox('ada').length;
  let busy = true;
  let count = 0;
  const load = (async () => {
    while (busy) await server.deliver(mailFrom(1000 + count, `load ${(count += 1)}`));
  })();
  await until(() => count > 10, 'the load runs');
  const archive = join(scratch('backup'), 'sonnim.tar.gz');
  const backup = await new Promise((resolve) => {
    const child = spawn(SONNIM, ['backup', '--to', archive, '--with-key', '--json', '--data', server.data], { env: server.environment });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.stderr.on('data', (part) => (text += part));
    child.once('exit', (code) => resolve({ code, text }));
  });
  busy = false;
  await load;
  assert.equal(backup.code, 0, backup.text);
  const manifest = JSON.parse(backup.text);
  await settled();

  server.command(['restore', '--check', archive]);
  assert.throws(() => server.command(['restore', archive]), /sonnim restore/, 'a restore overwrites nothing');
  const data = join(scratch('restored'), 'data');
  const elsewhere = Object.assign(Object.create(Object.getPrototypeOf(server)), { data, options: {} });
  elsewhere.command(['restore', archive]);
  const restored = await house.server({ data });
  restored.api = await restored.signIn({ email: 'mina@team.test', password: 'a lamp by the window' });
  await settled(restored);
  const conversations = await restored.api.all('/conversations?view=all');
  assert.ok(conversations.length >= manifest.counts.conversations, 'what had been accepted at the backup is processed after it');
  const here = new Map((await server.api.all('/conversations?view=all')).map((c) => [c.subject, c.message_count]));
  for (const c of conversations) assert.equal(c.message_count, here.get(c.subject), c.subject);
  assert.equal(new Set(conversations.map((c) => c.subject)).size, conversations.length);
  assert.equal(house.postfix.mailbox('ada').length, sentBefore, 'nothing is sent again');
});
