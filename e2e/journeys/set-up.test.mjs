import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { Postfix } from '../lib/postfix.mjs';
import { OWNER } from '../lib/server.mjs';

const house = new House();

house.journey('the printed link leads through the set-up to a working inbox', async () => {
  const server = await house.server();
  house.postfix = await Postfix.start({ lmtp: server.lmtp });
  const page = await house.window(server);

  await page.goto(await server.setUpLink());
  await page.getByRole('heading', { name: 'Name your workspace' }).waitFor();
  await accessible(page, 'naming the workspace');
  await page.getByLabel('Name', { exact: true }).fill('Haru Goods');
  await page.getByRole('button', { name: 'Go on' }).click();

  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('Your mail address').fill(OWNER.email);
  await page.locator('input[type=password]').fill('short');
  await page.getByRole('button', { name: 'Create the workspace' }).click();
  await page.getByText('Use at least eight characters').waitFor();
  await accessible(page, 'a refused password');
  await page.locator('input[type=password]').fill(OWNER.password);
  await page.getByRole('button', { name: 'Create the workspace' }).click();

  await page.getByRole('heading', { name: 'Connect your mailbox' }).waitFor();
  await accessible(page, 'connecting a mailbox');
  await page.getByLabel('Mail address').fill('help@shop.test');
  await page.getByText('Deliver to Sonnim', { exact: true }).click();
  await page.getByLabel('Outgoing server (SMTP)').fill('localhost');
  await page.getByLabel('Port').fill(String(house.postfix.port));
  await page.getByRole('button', { name: /Encryption/ }).click();
  await page.getByRole('option', { name: 'None' }).click();
  await page.getByLabel('User name for sending').fill('');
  await page.getByRole('button', { name: 'Test and connect' }).click();
  await page.getByText('Everything works. help@shop.test is connected.').waitFor();
  await accessible(page, 'a connected mailbox');
  await page.getByRole('button', { name: 'Go on' }).click();

  await page.getByRole('heading', { name: 'Invite your team' }).waitFor();
  await accessible(page, 'inviting the team');
  await page.getByRole('button', { name: 'Do this later' }).click();

  await page.getByRole('heading', { name: 'Receive a first mail' }).waitFor();
  await page.getByRole('button', { name: 'Send me a test mail' }).click();
  await page.getByText('It has arrived').waitFor({ timeout: 30_000 });
  await accessible(page, 'the first mail');
  await page.getByRole('button', { name: 'Go to the inbox' }).click();

  await page.waitForURL(/\/inbox\//);
  const mail = letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject: 'Do you ship to Norway?', text: 'Do you?' });
  await house.postfix.send({ from: 'ada@customer.test', to: 'help@shop.test', raw: mail.raw });
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /All open 2/ }).waitFor();
  await page.reload();
  await row(page, 'Do you ship to Norway?').waitFor();
  await accessible(page, 'the inbox');
});

house.journey('the link works once, and its word is needed', async () => {
  const [server] = house.servers;
  const page = await house.window(server);
  await page.goto(await server.setUpLink());
  await page.getByText('Sonnim is set up already').waitFor();
  await accessible(page, 'a used link');
  assert.deepEqual(await (await fetch(`${server.url}/api/v1/setup`)).json(), { needed: false });
});

house.journey('a new page is left for later without a mailbox', async () => {
  const server = await house.server();
  const page = await house.window(server, { locale: 'ko-KR' });
  await page.goto('/setup?token=wrong');
  await page.locator('input').first().waitFor();
  await page.goto(await server.setUpLink());
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  await page.locator('form input').first().fill('하루상점');
  await page.locator('form button[type=submit]').click();
  await page.getByLabel('이름').first().fill('김민아');
  await page.locator('input[type=email]').fill(OWNER.email);
  await page.locator('input[type=password]').fill(OWNER.password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(/setup\/mailbox/);
  await accessible(page, 'connecting a mailbox in Korean');
  await page.getByRole('button', { name: '나중에 하기' }).click();
  await page.waitForURL(/setup\/team/);
  await page.getByRole('button', { name: '나중에 하기' }).click();
  await page.waitForURL(/setup\/test/);
  await page.goto('/');
  await page.waitForURL(/\/inbox\/all_open/);
  await accessible(page, 'an empty inbox in Korean');
});
