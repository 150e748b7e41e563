// What the app costs in a browser: `node measure.mjs` with the data of `sonnim demo`. It judges nothing; docs/benchmarks.md
// tells what was measured. Prints how long a thread of 200 messages takes from the click to its newest message on the screen,
// and how much of one core the page's main thread is busy while 0, 20 and 50 things happen a second.
import { browser, live, open, signIn } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';

const MESSAGES = 200;
const SECONDS = 10;

const chrome = await browser();
const { server, people } = await demo({ data: process.env.TOUR_DATA });
const api = await server.signIn(people.en);
const inbox = (await api.all('/inboxes'))[0].id;
const words = 'The parcel has not come yet, and nobody answered the phone when I called the shop this morning. ';
const begin = (subject, n) =>
  api.post('/conversations', { inbox_id: inbox, customer: { email: `measure${n}@customer.test`, name: `Customer ${n}` }, subject, text: words.repeat(4), direction: 'incoming' });

const { id } = await begin('The long thread', 0);
for (let n = 1; n < MESSAGES; n += 1) await api.post(`/conversations/${id}/notes`, { text: `${n}: ${words.repeat(3)}` });
const { id: other } = await begin('The short thread', 1);

const page = await open(chrome, server.url);
await signIn(page, people.en);
await live(page);
const cdp = await page.context().newCDPSession(page);
await cdp.send('Performance.enable');
const busy = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value;
const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];

/** From the press on the row until the newest message is painted, in ms. */
async function opening() {
  await page.getByRole('option').filter({ hasText: 'The short thread' }).first().click();
  await page.locator('article.msg').first().waitFor();
  const row = page.getByRole('option').filter({ hasText: 'The long thread' }).first();
  await row.evaluate((element, last) => {
    globalThis.painted = new Promise((resolve) => {
      element.addEventListener(
        'pointerdown',
        () => {
          const begun = performance.now();
          const look = () => {
            const there = [...document.querySelectorAll('article.msg')].some((one) => one.textContent.includes(last));
            if (there) requestAnimationFrame(() => resolve(performance.now() - begun));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        },
        { once: true, capture: true },
      );
    });
  }, `${MESSAGES - 1}: `);
  await row.click();
  return page.evaluate(() => globalThis.painted);
}
const first = await opening();
const again = [];
for (let n = 0; n < 5; n += 1) again.push(await opening());
console.log(`thread of ${MESSAGES} messages: ${first.toFixed(0)} ms the first time, ${median(again).toFixed(0)} ms when it was open before (median of 5)`);

await page.getByRole('option').filter({ hasText: 'The short thread' }).first().click();
await page.locator('article.msg').first().waitFor();
for (const rate of [0, 20, 50]) {
  const before = await busy();
  const begun = performance.now();
  const sent = [];
  for (let n = 0; n < rate * SECONDS; n += 1) {
    const due = begun + (n * 1000) / rate;
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    // New conversations, words in the open one, changes of others.
    const kind = n % 4;
    if (kind === 0) sent.push(begin(`Event ${rate}.${n}`, n % 50));
    else if (kind === 1) sent.push(api.post(`/conversations/${other}/notes`, { text: `${n} ${words}` }));
    else sent.push(api.patch(`/conversations/${kind === 2 ? id : other}`, { priority: ['low', 'normal', 'high'][Math.floor(n / 4) % 3] }));
  }
  await Promise.all(sent);
  const left = begun + SECONDS * 1000 - performance.now();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${rate} events a second: main thread busy ${(((await busy()) - before) / seconds * 100).toFixed(1)} % of one core, over ${seconds.toFixed(0)} s`);
}
await chrome.close();
await server.stop();
