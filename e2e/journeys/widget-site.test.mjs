import assert from 'node:assert/strict';
import { accessible } from '../lib/browser.mjs';
import { createHmac } from 'node:crypto';
import { House } from '../lib/journey.mjs';
import { frameOf, inside, launcher, openMessenger, Site, say, widgetOf } from '../lib/site.mjs';
import { sleep, until } from '../lib/wait.mjs';

const house = new House();
let server;
let site;
let settings;
let inbox;

const put = (change = {}) => server.api.put(`/inboxes/${inbox.id}/widget`, { ...settings, ...change });
async function visit(options = {}, window = {}) {
  const page = await house.window({ url: site.origin }, window);
  await page.goto(site.url(options));
  return page;
}
const kept = async (page) => {
  const cookies = (await page.context().cookies()).map((cookie) => cookie.name);
  const frame = await frameOf(page);
  const names = (where) =>
    where.evaluate(() => {
      try {
        return [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
      } catch {
        return [];
      }
    });
  return [...cookies, ...(await names(page)), ...(await names(frame))];
};

house.journey('a site with the strictest policy needs two words for it: its script and its frame', async () => {
  server = await house.server();
  await server.setUp();
  inbox = await server.inbox();
  site = await Site.start(server);
  house.atEnd = () => site.stop();
  settings = widgetOf(site, { name: null, theme: { colour: '#ffd400', position: 'left' }, greeting: {} });
  site.key = (await put()).key;
  const page = await visit({ csp: true });
  const talk = await openMessenger(page);
  await talk.getByRole('heading', { name: 'Hello. How can we help?' }).waitFor();
  await until(() => page.evaluate(() => document.querySelector('sonnim-widget').classList.contains('l')), 'it stands on the left');
  await accessible(page, 'a messenger in a pale colour');
  await page.context().close();
});

house.journey('a site that isolates itself, and one that pins the script, have it as well', async () => {
  const { path, integrity } = await (await fetch(`${server.url}/widget.json`)).json();
  const page = await visit({ src: server.url + path, integrity, isolated: true });
  const talk = await openMessenger(page);
  await talk.locator('#ask').waitFor();
  assert.equal(await page.evaluate(() => window.crossOriginIsolated), true);
  await page.context().close();
  const pinned = await fetch(server.url + path);
  assert.match(pinned.headers.get('cache-control'), /immutable/);
  const plain = await fetch(`${server.url}/widget.js`);
  assert.equal(plain.headers.get('cross-origin-resource-policy'), 'cross-origin');
  assert.doesNotMatch(plain.headers.get('cache-control'), /immutable/);
});

house.journey('a site that is not allowed shows no messenger, and takes the launcher away', async () => {
  await put({ origins: ['https://elsewhere.example'] });
  const page = await visit();
  await launcher(page).waitFor();
  await until(async () => (await page.locator('sonnim-widget').count()) === 0, 'the launcher is gone', 20_000);
  page.troubles.splice(0);
  const { headers } = await fetch(`${server.url}/widget/${site.key}`);
  assert.match(headers.get('content-security-policy'), /frame-ancestors 'self' https:\/\/elsewhere\.example$/);
  assert.equal(headers.get('x-frame-options'), null);
  await put({ enabled: false });
  assert.equal((await fetch(`${server.url}/widget/${site.key}`)).status, 404);
  assert.equal((await fetch(`${server.url}/widget/nobodys`)).status, 404);
  await put();
  await page.context().close();
});

house.journey('words of strangers change nothing, on either side', async () => {
  const page = await visit();
  const talk = await openMessenger(page);
  await talk.locator('#ask').waitFor();
  const frame = await frameOf(page);
  // To the page: by itself, by a frame of another origin, and with the right words.
  await page.evaluate(async (url) => {
    window.heard = [];
    for (const name of ['message', 'unread', 'close', 'refused']) window.Sonnim('on', name, (value) => window.heard.push([name, value]));
    const forged = { sonnim: 1, say: ['unread', 7] };
    window.postMessage(forged, '*');
    window.postMessage({ sonnim: 1, say: ['close'] }, '*');
    const other = document.createElement('iframe');
    other.srcdoc = `<script>for (const say of [['unread', 7], ['close'], ['gone']]) parent.postMessage({ sonnim: 1, say }, '*')</script>`;
    document.body.append(other);
    // Sonnim's own origin, but not the launcher's frame.
    const same = document.createElement('iframe');
    same.src = url;
    document.body.append(same);
    await new Promise((done) => {
      same.onload = () => setTimeout(done, 500);
    });
  }, `${server.url}/widget/${site.key}`);
  assert.deepEqual(await page.evaluate(() => window.heard), []);
  assert.doesNotMatch(await page.title(), /7/);
  // To the frame: by a window that does not embed it.
  await page.evaluate(() => {
    const stranger = document.createElement('iframe');
    stranger.srcdoc = `<script>const frame = parent.document.querySelector('sonnim-widget').shadowRoot.querySelector('iframe').contentWindow;
      for (const say of [['shutdown'], ['setLocale', 'ko'], ['close'], ['setTheme', 'dark']]) frame.postMessage({ sonnim: 1, say }, '*')</script>`;
    document.body.append(stranger);
  });
  await sleep(500);
  assert.equal(await frame.evaluate(() => document.documentElement.lang), 'en');
  assert.equal(await frame.evaluate(() => document.documentElement.dataset.theme ?? null), null);
  await talk.locator('#ask').waitFor();
  await page.context().close();
});

house.journey('until the visitor agrees nothing is kept, and afterwards it is', async () => {
  const page = await visit({ data: { consent: 'required' } });
  const talk = await openMessenger(page);
  await talk.locator('#ask').click();
  await say(talk, 'Written before I agreed.');
  await talk
    .locator('.msg')
    .filter({ hasText: 'before I agreed' })
    .locator('.mark').getByText(/^(Sent|Seen)/)
    .waitFor();
  assert.deepEqual(await kept(page), []);
  await page.evaluate(() => window.Sonnim('consent', true));
  await until(async () => (await kept(page)).length > 0, 'now something is');
  await page.goto(site.url());
  const anew = inside(page);
  await launcher(page).waitFor();
  await frameOf(page);
  if ((await launcher(page).getAttribute('aria-expanded')) !== 'true') await launcher(page).click();
  await anew.getByText('Written before I agreed.').first().waitFor();
  await page.evaluate(() => window.Sonnim('consent', false));
  await until(async () => (await kept(page)).length === 0, 'taken back, it is gone');
  await page.context().close();
});

house.journey('the site speaks to it: language, theme, open and close, and hears of it', async () => {
  const page = await visit();
  await launcher(page).waitFor();
  await page.evaluate(() => {
    window.heard = [];
    for (const name of ['open', 'close']) window.Sonnim('on', name, () => window.heard.push(name));
    window.Sonnim('setLocale', 'ko');
    window.Sonnim('setTheme', 'dark');
    window.Sonnim('open');
  });
  const talk = inside(page);
  await talk.getByRole('heading', { name: '안녕하세요. 무엇을 도와드릴까요?' }).waitFor();
  const frame = await frameOf(page);
  assert.equal(await frame.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await accessible(page, 'the messenger in Korean, by night');
  await page.evaluate(() => window.Sonnim('close'));
  assert.deepEqual(await page.evaluate(() => window.heard), ['open', 'close']);
  await page.context().close();
});

house.journey('what is asked before is asked, in the visitor’s words, and said when missing', async () => {
  await put({
    pre_chat: {
      when: 'always',
      fields: [
        { key: 'name', label: { en: 'Your name', ko: '이름' }, kind: 'text', required: true, choices: [] },
        { key: 'topic', label: { en: 'What is it about?' }, kind: 'choice', required: false, choices: ['An order', 'A return'] },
        { key: 'agree', label: { en: 'You may keep my words to answer me.' }, kind: 'consent', required: true, choices: [] },
      ],
    },
  });
  const page = await visit();
  const talk = await openMessenger(page);
  await talk.locator('#ask').click();
  await say(talk, 'Where is my parcel?');
  await talk.getByText('Please fill this in.').waitFor();
  await until(() => talk.getByLabel('Your name').evaluate((field) => field === document.activeElement), 'the first fault has the focus');
  await accessible(page, 'a form with faults');
  await talk.getByLabel('Your name').fill('Ada Lee');
  await talk.getByLabel('What is it about?').selectOption('An order');
  await talk.getByLabel('You may keep my words').check();
  await talk.getByRole('button', { name: 'Send', exact: true }).click();
  await talk.locator('.msg').filter({ hasText: 'Where is my parcel?' }).locator('.mark').getByText(/^Sent/).waitFor();
  const { items } = await server.api.get('/conversations?view=all_open');
  assert.ok(
    items.some((c) => c.requester?.name === 'Ada Lee' || c.customer?.name === 'Ada Lee' || JSON.stringify(c).includes('Ada Lee')),
    'the name arrived',
  );
  await put();
  await page.context().close();
});

house.journey('the site says who it is with a signed token; a forged one, or one that ran out, is nobody', async () => {
  const { secret } = await server.api.post(`/inboxes/${inbox.id}/widget/secret`);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims, key = secret) => {
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
  };
  const soon = Math.floor(Date.now() / 1000) + 600;
  const page = await visit();
  await launcher(page).waitFor();
  const identify = (jwt) =>
    page.evaluate(
      (one) =>
        new Promise((done) => {
          const off = window.Sonnim('on', 'identified', (value) => (off(), done(value)));
          window.Sonnim('identify', one);
        }),
      jwt,
    );
  assert.deepEqual(await identify(token({ sub: 'u1', exp: soon }, 'wrong')), { ok: false, code: 'identity_invalid' });
  assert.deepEqual(await identify(token({ sub: 'u1', exp: soon - 6000 })), { ok: false, code: 'identity_invalid' });
  const ada = token({ sub: 'u1', exp: soon, name: 'Ada Lee', email: 'ada@customer.test' });
  assert.deepEqual(await identify(ada), { ok: true });
  const talk = await openMessenger(page);
  await talk.locator('#ask').click();
  await say(talk, 'I am signed in.');
  await talk.locator('.msg').filter({ hasText: 'I am signed in.' }).locator('.mark').getByText(/^Sent/).waitFor();
  await page.evaluate(() => window.Sonnim('shutdown'));
  // Somebody else, in the same browser: an address is no proof.
  await page.goto(site.url());
  assert.deepEqual(await identify(token({ sub: 'u2', exp: soon, email: 'ada@customer.test' })), { ok: true });
  const other = await openMessenger(page);
  await other.locator('#ask').waitFor();
  assert.equal(await other.getByText('I am signed in.').count(), 0);
  await page.evaluate(() => window.Sonnim('shutdown'));
  // And she herself, elsewhere: all of it is there.
  const elsewhere = await visit();
  await launcher(elsewhere).waitFor();
  await elsewhere.evaluate((jwt) => window.Sonnim('identify', jwt), ada);
  const again = await openMessenger(elsewhere);
  await again.getByText('I am signed in.').first().waitFor();
  await page.context().close();
  await elsewhere.context().close();
});

house.journey('it opens soon also when nothing was fetched before', async (t) => {
  const page = await visit();
  await launcher(page).waitFor();
  const began = Date.now();
  await launcher(page).click();
  await inside(page).locator('#ask').waitFor();
  t.diagnostic(`cold, from the click to the drawn start page: ${Date.now() - began} ms`);
  await page.context().close();
});

house.journey('who opens it while it is still on its way has the keyboard in it when it is there', async () => {
  for (const delay of [0, 20, 20, 50, 50, 400]) {
    const page = await visit();
    await page.route(/\/widget\/[a-z0-9]+$/, async (route) => {
      await sleep(delay);
      await route.continue();
    });
    await page.goto(site.url());
    await launcher(page).click();
    const talk = inside(page);
    await until(() => talk.locator('#ask').evaluate((ask) => document.hasFocus() && document.activeElement === ask), 'the first thing has the focus');
    // Nothing is clicked in the frame: what the keyboard says must go there by itself.
    await page.keyboard.press('Enter');
    const field = talk.getByRole('textbox', { name: 'Message' });
    await until(() => field.evaluate((area) => document.activeElement === area), 'the field has the focus');
    await page.keyboard.type('Hello');
    await until(async () => (await field.inputValue()) === 'Hello', `the words are there (${delay} ms)`);
    await page.context().close();
  }
});

house.journey('a site built with npm opens it by a button of its own, and gets the focus back', async () => {
  const page = await visit({ package: true });
  await page.locator('#own').click();
  const talk = inside(page);
  await talk.locator('#ask').waitFor();
  assert.equal(await launcher(page).count(), 0, 'no launcher of ours');
  await talk.locator('#ask').press('Escape');
  await until(() => page.evaluate(() => document.activeElement?.id === 'own'), 'the focus is back on the button');
  assert.deepEqual(await page.evaluate(() => window.heard), ['open', 'close']);
  await page.context().close();
});

house.journey('on a phone it takes the screen, and there is a way back', async () => {
  const page = await visit({ lang: 'ko', data: { locale: 'ko' } }, { width: 390, height: 844, touch: true, scheme: 'dark', locale: 'ko-KR' });
  const talk = await openMessenger(page);
  await talk.locator('#ask').waitFor();
  const size = await page.locator('sonnim-widget iframe').boundingBox();
  assert.deepEqual([size.x, size.y, size.width, size.height], [0, 0, 390, 844]);
  await accessible(page, 'the messenger on a phone');
  await talk.locator('#ask').click();
  await talk.getByRole('button', { name: '처음으로' }).waitFor();
  await accessible(page, 'a new conversation on a phone');
  await talk.getByRole('button', { name: '상담 창 닫기' }).click();
  await launcher(page).waitFor();
  assert.ok((await page.locator('sonnim-widget iframe').isVisible()) === false);
  await page.context().close();
});

house.journey('twice as large, everything is still there and within reach', async () => {
  const page = await visit({}, { width: 640, height: 400 });
  const talk = await openMessenger(page);
  await talk.locator('#ask').click();
  for (const name of ['Back to the start', 'Close the chat', 'Send', 'Attach files'])
    assert.ok(await talk.getByRole('button', { name, exact: true }).isVisible(), name);
  const frame = await frameOf(page);
  assert.equal(await frame.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing is cut off at the side');
  await page.context().close();
});
