import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { row } from '../lib/desk.mjs';
import { Dovecot } from '../lib/dovecot.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
const put = (subject) => house.dovecot.deliver(letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject, text: 'Hello' }).raw);
let server;

house.journey('a mailbox is connected with a live test that names the exact fault, and its mail appears', async () => {
  house.dovecot = await Dovecot.start();
  server = await house.server({ env: { SONNIM_MAIL_CA_CERTIFICATES: house.dovecot.ca } });
  await server.setUp();
  put('Written before it was connected');
  const page = await house.desk(server, OWNER);
  await page.goto('/setup/mailbox');
  await page.getByLabel('Mail address').fill('help@shop.test');
  await page.getByLabel('Incoming server (IMAP)').fill('localhost');
  await page.getByLabel('Port').first().fill(String(house.dovecot.imaps));
  await page.getByLabel('User name', { exact: true }).fill(house.dovecot.user);
  const send = page.getByRole('checkbox', { name: 'Send replies by this server' });
  if (!(await send.isVisible())) await page.locator('summary').filter({ hasText: 'Sending' }).click();
  await page.getByText('Send replies by this server').click();
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: /Test and connect|Test again/ }).click();
  const panel = page.getByRole('region', { name: 'Connection test' });
  await panel.getByText('Could not sign in').waitFor();
  await panel.getByText('The server did not accept this user name and password.').waitFor();
  assert.match(await panel.locator('code').innerText(), /AUTHENTICATIONFAILED/, 'what the server said is shown');
  await accessible(page, 'a failed connection test');
  assert.equal((await server.api.get('/inboxes')).items.length, 0, 'a failing test keeps nothing');

  await page.getByLabel('Password', { exact: true }).fill(house.dovecot.password);
  await page.getByRole('button', { name: /Test and connect|Test again/ }).click();
  await panel.getByText('Everything works. help@shop.test is connected.').waitFor();
  await accessible(page, 'a connection test that went well');

  await page.goto('/inbox/all_open');
  const [inbox] = (await server.api.get('/inboxes')).items;
  await until(async () => (await server.api.get(`/inboxes/${inbox.id}`)).connection.status.incoming.state === 'ok', 'the mailbox is watched', 30_000);
  put('Arrived while we watched');
  await row(page, 'Arrived while we watched').waitFor({ timeout: 30_000 });
  assert.equal((await server.api.all('/conversations?view=all')).length, 1, 'mail from before the connection is left alone');
  assert.equal(house.dovecot.files().length, 2, 'the mail stays where it was');
});

house.journey('other faults have their own names', async () => {
  const { imaps, imap, user, password } = house.dovecot;
  const base = { kind: 'imap', host: 'localhost', port: imaps, security: 'tls', user_name: user, password, auth: 'password', folder: 'INBOX', after_fetch: { kind: 'leave' } };
  const fault = async (change) => {
    const test = await server.api.post('/connection-tests', { address: user, incoming: { ...base, ...change } });
    return test.steps.find((step) => step.ok === false)?.fault ?? 'none';
  };
  assert.equal(await fault({}), 'none');
  assert.equal(await fault({ port: imap, security: 'starttls' }), 'none');
  assert.equal(await fault({ folder: 'Nowhere' }), 'folder');
  assert.equal(await fault({ port: 1 }), 'refused');
  assert.equal(await fault({ host: 'no-such-host.invalid' }), 'dns');
  assert.equal(await fault({ host: '127.0.0.1' }), 'certificate');
});

house.journey('nothing is fetched twice after the mailbox server and Sonnim were away', async () => {
  await server.stop('SIGKILL');
  put('Arrived while nobody looked');
  await server.run();
  await until(async () => (await server.api.get('/conversations?view=all_open')).items.length === 2, 'what came meanwhile is fetched', 30_000);
  const subjects = (await server.api.all('/conversations?view=all')).map((c) => c.subject).sort();
  assert.deepEqual(subjects, ['Arrived while nobody looked', 'Arrived while we watched']);
});
