import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';

const house = new House();
const linkIn = (mail, path) => new RegExp(`https?://\\S+/${path}\\S+`).exec(mail.text)?.[0];
let server;

house.journey('an invitation arrives by mail, and its link makes a colleague', async () => {
  server = await house.shop();
  await server.deliver({ from: 'ada@customer.test', to: 'help@shop.test', raw: letter({ from: 'ada@customer.test', to: 'help@shop.test', subject: 'A first question', text: 'Hi' }).raw });
  const page = await house.desk(server, OWNER);
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mail address').fill('noah@team.test');
  await accessible(page, 'inviting');
  await dialog.getByRole('button', { name: 'Send invitation' }).click();
  await page.getByText('noah@team.test', { exact: false }).first().waitFor();

  const mail = await house.postfix.arrival('noah');
  const link = linkIn(mail, 'invitation');
  assert.ok(link?.startsWith(server.url), `the mail holds the link at the public address: ${mail.text}`);

  const noah = await house.window(server);
  await noah.goto(link);
  await noah.getByRole('heading', { name: /Welcome to Haru Goods/ }).waitFor();
  await accessible(noah, 'an invitation');
  await noah.getByLabel(/Your name/).fill('Noah Park');
  await noah.locator('input[type=password]').fill('four quiet words here');
  await noah.getByRole('button', { name: 'Join' }).click();
  await noah.waitForURL(/\/inbox\//);
  await row(noah, 'A first question').waitFor();
  await accessible(noah, 'the inbox of a new colleague');

  const again = await house.window(server);
  await again.goto(link);
  await again.getByText('This invitation no longer works').waitFor();
});

house.journey('a forgotten password is set anew by a link that works once', async () => {
  const page = await house.window(server);
  await page.goto('/forgot-password');
  await accessible(page, 'a forgotten password');
  await page.locator('input[type=email]').fill('noah@team.test');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('Look into your mail').waitFor();
  const mail = await house.postfix.arrival('noah', (one) => linkIn(one, 'reset-password'));
  const link = linkIn(mail, 'reset-password');
  await page.goto(link);
  await accessible(page, 'a new password');
  await page.locator('input[type=password]').first().fill('five even quieter words here');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.waitForURL(/sign-in/);
  await assert.rejects(server.signIn({ email: 'noah@team.test', password: 'four quiet words here' }), { status: 401 });
  await server.signIn({ email: 'noah@team.test', password: 'five even quieter words here' });
  await page.goto(link);
  await page.locator('input[type=password]').first().fill('once more something else');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('This link no longer works').first().waitFor();
});
