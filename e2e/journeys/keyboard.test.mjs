import assert from 'node:assert/strict';
import { accessible, signIn } from '../lib/browser.mjs';
import { editor, message, openRow } from '../lib/desk.mjs';
import { House } from '../lib/journey.mjs';
import { letter } from '../lib/mail.mjs';
import { OWNER } from '../lib/server.mjs';
import { until } from '../lib/wait.mjs';

const house = new House();
let server;
let page;

/** Goes on by Tab until the page's end and tells which stops cannot be seen, or do not show that they have the focus. */
async function walk(page) {
  const bad = [];
  const seen = new Set();
  await page.evaluate(() => document.activeElement?.blur());
  for (let i = 0; i < 90; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { width, height, top, left } = element.getBoundingClientRect();
      const drawn = (one) => {
        if (!one) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      };
      // A field's ring may be drawn by what stands around it, a chosen row by itself.
      const rings = [element, element.parentElement, element.closest('.input, .comp, .ed-field, .seg, .find, .findbar, .rows'), document.querySelector('[data-cursor]'), element.querySelector('.box, .switch')];
      const inside = top < innerHeight && left < innerWidth && top + height > 0 && left + width > 0;
      element.dataset.stop ??= String(Math.random());
      return { id: element.dataset.stop, what: element.outerHTML.slice(0, 140), ok: inside && width > 0 && rings.some(drawn) };
    });
    if (!stop || seen.has(stop.id)) break;
    seen.add(stop.id);
    if (!stop.ok) bad.push(stop.what);
  }
  assert.deepEqual(bad, [], 'every stop is seen and shows its focus');
  return seen.size;
}

house.journey('by Tab alone one comes everywhere, and always sees where one is', async () => {
  server = await house.server();
  await server.setUp();
  await server.inbox();
  await server.api.post('/tags', { name: 'damage', color: 'red' });
  await server.deliver({ from: 'ada@customer.test', to: 'help@shop.test', raw: letter({ from: 'ada@customer.test', name: 'Ada Lee', to: 'help@shop.test', subject: 'By hand', text: 'Hello' }).raw });
  page = await house.desk(server, OWNER);
  await openRow(page, 'By hand');
  assert.ok((await walk(page)) > 20, 'there are many stops in a conversation');
  for (const path of ['/settings/profile', '/settings/people', '/settings/tags', '/settings/inboxes', '/customers']) {
    await page.goto(path);
    await page.locator('.me .on').waitFor({ state: 'attached' });
    await walk(page);
  }
});

house.journey('a conversation is opened, noted, found in and resolved without a mouse', async () => {
  await page.goto('/inbox/all_open');
  await page.locator('.me .on').waitFor({ state: 'attached' });
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('j');
  await page.locator('[data-cursor]').waitFor();
  await page.keyboard.press('Enter');
  await editor(page).waitFor();
  await page.keyboard.press('n');
  await page.locator('.comp[data-kind=note] [role=textbox]:focus').waitFor();
  await page.keyboard.type('Called her.');
  await page.keyboard.press('Control+Enter');
  await message(page, 'Called her.').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('called');
  await page.getByText('1 of 1', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await until(async () => (await server.api.get('/conversation-counts')).all_open === 0, 'it is resolved');
});

house.journey('at 200 % zoom, and without motion, nothing is lost', async () => {
  const small = await house.desk(server, OWNER, { width: 720, height: 450 });
  for (const path of ['/inbox/resolved', '/settings/profile', '/settings/tags', '/customers', '/nowhere/at/all']) {
    await small.goto(path);
    await small.locator('.me .on').waitFor({ state: 'attached' });
    assert.equal(await small.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${path} scrolls one way only`);
    await accessible(small, `${path} at 200 %`);
  }
  const moving = await small.evaluate(() => [...document.querySelectorAll('*')].filter((one) => Number.parseFloat(getComputedStyle(one).transitionDuration) > 0.01).map((one) => one.className));
  assert.deepEqual(moving, []);
});

house.journey('an address that leads nowhere says so and shows the way back', async () => {
  await page.goto('/nowhere/at/all');
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await page.getByRole('button', { name: 'To the inbox' }).click();
  await page.waitForURL(/\/inbox\/all_open/);
});

house.journey('a menu that is asked for before its code is there opens with it, and the focus stays', async () => {
  const slow = await house.window(server);
  let arrive;
  const held = new Promise((resolve) => {
    arrive = resolve;
  });
  await slow.route(/\/assets\/menu-(?!later)/, async (route) => {
    await held;
    await route.continue();
  });
  await signIn(slow, OWNER);
  const you = slow.getByRole('button', { name: /^You/ });
  await you.focus();
  await slow.keyboard.press('Enter');
  assert.equal(await slow.getByRole('menu').count(), 0);
  arrive();
  await slow.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await slow.keyboard.press('Escape');
  await until(() => you.evaluate((button) => button === document.activeElement), 'the control has the focus again');
});
