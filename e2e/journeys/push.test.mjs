import assert from 'node:assert/strict';
import { accessible, live, picture } from '../lib/browser.mjs';
import { editor, row } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { PushService } from '../lib/push.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let service;
let page;
let jun;
let inbox;
let cdp;
let registration;

const begin = (subject, text) =>
  server.api.post('/conversations', { inbox_id: inbox.id, customer: { email: 'ada@customer.test', name: 'Ada Lee' }, subject, text, direction: 'incoming' });
const give = (conversation) => jun.patch(`/conversations/${conversation.id}`, { assignee_id: server.api.me.agent.id });
const shown = () =>
  page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ title, body, tag }) => ({ title, body, tag })));

/** Hands a message to the service worker, as the browser does when it comes from the push service. */
async function arrive(message) {
  // Stays attached: who goes away may take along what the worker has not taken yet.
  cdp ??= await page.context().newCDPSession(page);
  cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registration = registrations.find((one) => !one.isDeleted)?.registrationId ?? registration;
  });
  if (!registration) await cdp.send('ServiceWorker.enable');
  await until(() => registration, 'the service worker is registered');
  const { headers: _headers, ...told } = message;
  await cdp.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId: registration, data: JSON.stringify(told) });
}

house.journey('a device is switched on, and stands in the list', async () => {
  service = await PushService.start();
  house.atEnd = () => service.stop();
  server = await house.server({ env: service.env });
  await server.setUp();
  inbox = await server.inbox();
  jun = await server.signIn(server.agent({ name: 'Jun Seo', email: 'jun@team.test' }));
  page = await house.window(server, { workers: true });
  await page.context().grantPermissions(['notifications'], { origin: server.url });
  await service.serve(page);
  await page.goto('/sign-in');
  await page.locator('input[type=email]').fill(OWNER.email);
  await page.locator('input[type=password]').fill(OWNER.password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/inbox\//);
  await live(page);
  await page.goto('/settings/notifications');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.getByText('Notify me on this device').click();
  await page.getByText('This device will notify you').waitFor();
  await page.getByRole('list', { name: 'Devices that notify you' }).getByText('This browser').waitFor();
  assert.equal(await page.getByRole('switch', { name: 'Notify me on this device' }).isChecked(), true);
  await accessible(page, 'the settings of notifications');
  await picture(page, 'push-settings');
});

house.journey('what concerns the agent is pushed, shown by the service worker, and a click opens it', async () => {
  const conversation = await begin('The lamp flickers', 'My secret word is 4711');
  await give(conversation);
  const [message] = await service.have(1);
  assert.equal(message.title, 'Jun Seo assigned it to you');
  assert.equal(message.body, `#${conversation.number} The lamp flickers`);
  assert.doesNotMatch(JSON.stringify(message), /4711|customer\.test/);
  assert.equal(message.headers.urgency, 'high');
  await arrive(message);
  await until(async () => (await shown()).length === 1, 'it is shown');
  assert.deepEqual(await shown(), [{ title: message.title, body: message.body, tag: conversation.id }]);
  // A second one about the same conversation takes its place.
  await arrive({ ...message, title: 'Ada Lee wrote' });
  await until(async () => (await shown())[0]?.title === 'Ada Lee wrote', 'the later one stands there');
  assert.equal((await shown()).length, 1);
  const [worker] = page.context().serviceWorkers();
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await page.waitForURL(new RegExp(conversation.id));
  await editor(page).waitFor();
  assert.deepEqual(await shown(), []);
});

house.journey('nothing is pushed, nor shown, about the conversation in front of the agent', async () => {
  const id = /cnv_\w+/.exec(page.url())[0];
  await page.bringToFront();
  await jun.post(`/conversations/${id}/notes`, { text: `@Mina look`, html: `<p><span data-mention="${server.api.me.agent.id}">@Mina Kim</span> look</p>` });
  await page.locator('article.msg').filter({ hasText: 'look' }).waitFor();
  // Pushed later than that one would have been.
  const other = await begin('Another lamp', 'Hello');
  await give(other);
  const messages = await service.have(2);
  assert.deepEqual(messages.map((one) => one.tag).slice(1), [other.id]);
});

house.journey('a sound is chosen, and heard in one page when something new comes', async () => {
  await page.goto('/settings/notifications');
  await page.getByRole('button', { name: /^Sound|None Sound/ }).click();
  await page.evaluate(() => {
    window.heard = [];
    addEventListener('sonnim:sound', (event) => window.heard.push(event.detail));
  });
  await page.getByRole('option', { name: 'Chime' }).click();
  await until(() => page.evaluate(() => window.heard.includes('chime')), 'it is heard when it is chosen');
  await page.getByRole('slider', { name: /Volume/ }).focus();
  await page.keyboard.press('ArrowLeft');
  await until(async () => (await server.api.get('/notification-settings')).sound.volume === 55, 'the volume is kept');
  await accessible(page, 'the choice of a sound');
  const before = await page.evaluate(() => window.heard.length);
  await give(await begin('A third lamp', 'Hello'));
  await until(() => page.evaluate((n) => window.heard.length > n, before), 'the new one is heard');
});

house.journey('a device that is removed hears nothing more', async () => {
  // All that was pushed so far has come: three conversations were given.
  await service.have(3);
  await page
    .getByRole('list', { name: 'Devices that notify you' })
    .getByRole('button', { name: /^Delete/ })
    .click();
  await until(async () => (await server.api.get('/push-devices')).items.length === 0, 'the device is gone');
  await page.getByRole('switch', { name: 'Notify me on this device', checked: false }).waitFor();
  const count = service.messages.length;
  const last = await begin('The last lamp', 'Hello');
  await give(last);
  await page.goto('/inbox/all_open');
  await row(page, 'The last lamp').waitFor();
  // It is told in the app, and later than it would have been pushed.
  await until(async () => (await server.api.get('/notifications')).items.some((one) => one.conversation_id === last.id || one.conversation?.id === last.id), 'it is told in the app');
  assert.equal(service.messages.length, count);
  assert.equal(service.trouble, undefined);
});
