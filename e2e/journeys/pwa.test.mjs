import assert from 'node:assert/strict';
import http from 'node:http';
import { accessible, picture } from '../lib/browser.mjs';
import { editor, message, openRow, reply } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { freePort, until } from '../lib/wait.mjs';

const house = new House();
let server;
let page;
let front;
/** As a newer build would: other bytes in the worker. */
let newer = false;

/** Stands before the server, so that what it serves can become newer. */
async function before(port) {
  const proxy = http.createServer((request, response) => {
    const { method, headers, url } = request;
    const asked = http.request({ host: '127.0.0.1', port: server.port, method, headers: { ...headers, 'accept-encoding': 'identity' }, path: url }, async (answer) => {
      if (url !== '/sw.js') {
        response.writeHead(answer.statusCode, answer.headers);
        return answer.pipe(response);
      }
      let text = '';
      for await (const piece of answer) text += piece;
      const { 'content-length': _length, etag: _etag, ...rest } = answer.headers;
      response.writeHead(answer.statusCode, rest).end(newer ? text.replace(/sonnim-[0-9a-f]+/, 'sonnim-newer') : text);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  });
  await new Promise((done) => proxy.listen(port, '127.0.0.1', done));
  house.atEnd = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
}

/** What the browser keeps for the app. */
const kept = () =>
  page.evaluate(async () => {
    const paths = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
    return { caches: (await caches.keys()).length, paths };
  });

house.journey('the app can be installed, in both languages', async () => {
  const port = await freePort();
  front = `http://localhost:${port}`;
  server = await house.server({ publicUrl: front });
  await before(port);
  await server.setUp();
  await server.inbox();
  page = await house.desk({ url: front }, OWNER, { workers: true });
  const manifest = async () => {
    const href = await page.locator('link[rel=manifest]').getAttribute('href');
    const response = await fetch(front + href);
    assert.match(response.headers.get('content-type'), /manifest\+json/);
    return response.json();
  };
  const english = await manifest();
  assert.equal(english.name, 'Sonnim');
  for (const icon of english.icons) {
    const response = await fetch(front + icon.src);
    assert.equal(response.headers.get('content-type'), 'image/png', icon.src);
  }
  assert.ok(english.icons.some((icon) => icon.purpose === 'maskable'));
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.filter((one) => one.errorId !== 'in-incognito'), []);
  const api = await server.signIn(OWNER);
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'ko' });
  await page.reload();
  await until(async () => (await manifest()).name.startsWith('손님'), 'the Korean name');
  await api.patch(`/agents/${api.me.agent.id}`, { language: 'en' });
});

house.journey('the browser keeps the files of the app and nothing of the API', async () => {
  const raw = letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject: 'Still there?', text: 'Hello?' }).raw;
  await server.deliver({ from: 'ada@customer.test', to: 'help@shop.test', raw });
  await page.reload();
  await openRow(page, 'Still there?');
  await page.evaluate(() => navigator.serviceWorker.ready);
  const { paths } = await until(async () => {
    const all = await kept();
    return all.paths.length > 20 && all;
  }, 'the files are kept');
  assert.deepEqual(paths.filter((path) => path !== '/' && !path.startsWith('/assets/')), []);
  assert.ok(paths.includes('/'));
});

house.journey('without a network a reload shows the shell, the banner and what waits to be sent', async () => {
  await page.reload();
  await openRow(page, 'Still there?');
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await reply(page, 'Written on the train.');
  await message(page, 'Written on the train.').getByText('Waits for the connection').waitFor();
  await page.goto('/inbox/all_open').catch(() => undefined);
  await page.getByRole('heading', { name: 'Conversations are there again with the connection' }).waitFor();
  await page.getByText('You are offline.').waitFor();
  await page.getByRole('link', { name: /Written on the train/ }).waitFor();
  await accessible(page, 'a start without a network');
  await picture(page, 'pwa-offline');
  await page.context().setOffline(false);
  // The browser may tell the app first that the network is back: then there is nothing left to press.
  await page
    .getByRole('button', { name: 'Try now' })
    .first()
    .click({ timeout: 3000 })
    .catch(() => undefined);
  await page.getByRole('option').filter({ hasText: 'Still there?' }).waitFor();
  await until(async () => {
    const { items } = await server.api.get('/search?q=train&limit=5');
    return items.length === 1;
  }, 'what waited went out');
});

house.journey('a newer version is told, and taken by one press', async () => {
  await page.goto('/inbox/all_open');
  await page.getByRole('option').first().waitFor();
  newer = true;
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await page.getByText('A new version of Sonnim is there.').waitFor();
  await accessible(page, 'the word of a newer version');
  await picture(page, 'pwa-update');
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload' }).click()]);
  await page.getByRole('option').first().waitFor();
  assert.equal(await page.getByText('A new version of Sonnim is there.').count(), 0);
  await until(async () => (await page.evaluate(() => caches.keys())).join() === 'sonnim-newer', 'the older files are gone');
});

house.journey('whoever signs out leaves no name behind', async () => {
  await page.getByRole('button', { name: /^You/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/sign-in/);
  await page.locator('input[type=password]').waitFor();
  await until(async () => (await page.evaluate(() => localStorage.getItem('sonnim.me') ?? 'nothing')) === 'nothing', 'nothing is remembered');
});
