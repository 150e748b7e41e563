// Pictures of every page, in both sizes, themes and languages, to be looked at by a person: `node tour.mjs [WORD…]` writes those whose
// name holds all the words, and contact sheets of them, to out/tour. With the data of `sonnim demo`, or of the folder in TOUR_DATA.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, OUT, open, signIn } from './lib/browser.mjs';
import { demo } from './lib/demo.mjs';
import { letter } from './lib/mail.mjs';
import { until } from './lib/wait.mjs';

const words = process.argv.slice(2);
const wanted = (name) => words.every((word) => name.includes(word));
const out = join(OUT, 'tour');
mkdirSync(out, { recursive: true });

const chrome = await browser();
const { server, people } = await demo({ data: process.env.TOUR_DATA });
const api = await server.signIn(people.en);
const named = async (view, choose) => {
  const { items } = await api.get(`/conversations?view=${view}&limit=50`);
  return (items.find(choose) ?? items[0]).id;
};
const korean = (c) => /[가-힣]/.test(c.subject);
const ids = {
  en: await named('all_open', (c) => !korean(c) && c.message_count > 3),
  ko: await named('all_open', (c) => korean(c) && c.message_count > 3),
  long: await named('all', (c) => c.message_count > 8),
  resolved: await named('resolved', () => true),
};
const customer = (await api.get(`/conversations/${ids.en}`)).customer.id;

/** Everything as long as it may be: names, subject, words without a break, tags. Made once. */
async function overlong() {
  const subject = `Overlong ${'and longer '.repeat(20)}`.slice(0, 240).trim();
  const found = (await api.get('/search?q=overlong&limit=5')).items.map((hit) => hit.conversation).find((c) => c.tags.length > 9);
  if (found) return found.id;
  const raw = letter({ from: `${'long'.repeat(14)}@customer.test`, name: 'Maximiliane Wolfeschlegelsteinhausenbergerdorff '.repeat(4).trim(), to: 'help@haru-goods.example', subject, text: `${'Donaudampfschiff'.repeat(32)}\n\nhttps://shop.test/${'path/'.repeat(60)}\n\n${'One sentence that goes on. '.repeat(40)}` }).raw;
  await server.deliver({ from: 'long@customer.test', to: 'help@haru-goods.example', raw });
  const made = await until(async () => (await api.get('/conversations?view=all_open&limit=5')).items.find((c) => c.subject.startsWith('Overlong')), 'the overlong mail is there');
  const tags = [];
  const known = await api.all('/tags');
  for (let i = 1; i <= 60; i += 1) {
    const name = `${i} ${'tag with a long name '.repeat(3)}`.slice(0, 48).trim();
    tags.push((known.find((tag) => tag.name === name) ?? (await api.post('/tags', { name, color: 'teal' }))).id);
  }
  await api.put(`/conversations/${made.id}/tags`, { tag_ids: tags.slice(0, 50) });
  const name = 'A team with a very long name that nobody would choose in earnest'.slice(0, 60);
  const team = (await api.all('/teams')).find((one) => one.name === name) ?? (await api.post('/teams', { name, member_ids: [] }));
  await api.patch(`/conversations/${made.id}`, { team_id: team.id, assignee_id: api.me.agent.id });
  await api.post(`/conversations/${made.id}/notes`, { html: `<p>${'x'.repeat(500)}</p><table border="1"><tr>${'<td>a column</td>'.repeat(30)}</tr></table>` });
  return made.id;
}
ids.overlong = await overlong();
const owner = await server.signIn(people.ko);
await owner.patch(`/agents/${owner.me.agent.id}`, { language: 'ko' });

const floats = (page) => page.locator('[role=dialog], [role=menu], .pal').filter({ visible: true }).first().waitFor();
const press = (key) => async (page) => {
  await page.keyboard.press(key);
  await floats(page);
};
const thread = async (page) => {
  await page.locator('article.msg').first().waitFor();
  await page.locator('.comp [role=textbox]').first().waitFor({ state: 'attached' });
};
const settled = (page) => page.waitForLoadState('networkidle').catch(() => {});
/** Name, path, and what to do there. Signed in, unless the name begins with `entry`. */
const PAGES = [
  ['entry-sign-in', '/sign-in'],
  ['entry-sign-in-wrong', '/sign-in', async (page) => {
    await page.locator('input[type=email]').fill('nobody@shop.test');
    await page.locator('input[type=password]').fill('wrong password');
    await page.locator('button[type=submit]').click();
    await page.getByRole('alert').first().waitFor();
  }],
  ['entry-forgot', '/forgot-password'],
  ['entry-invitation-old', '/invitation?token=old'],
  ['entry-reset-old', '/reset-password?token=old'],
  ['entry-setup-done', '/setup?token=old'],
  ['inbox-list', '/inbox/all_open', (page) => page.getByRole('option').first().waitFor()],
  ['inbox-picked', '/inbox/all_open', async (page) => {
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.locator('.bulk').waitFor();
  }],
  ['inbox-mine', '/inbox/mine'],
  ['inbox-snoozed', '/inbox/snoozed'],
  ['inbox-unassigned', '/inbox/unassigned'],
  ['thread-own-language', (lang) => `/inbox/all_open/${ids[lang]}`, thread],
  ['thread-long', `/inbox/all_open/${ids.long}`, thread],
  ['thread-resolved', `/inbox/resolved/${ids.resolved}`, thread],
  ['thread-gone', '/inbox/all_open/cnv_00000000000'],
  ['thread-note', (lang) => `/inbox/all_open/${ids[lang]}`, async (page) => {
    await thread(page);
    await page.keyboard.press('n');
    await page.locator('.comp[data-kind=note]').waitFor();
  }],
  ['thread-reply', (lang) => `/inbox/all_open/${ids[lang]}`, async (page) => {
    await thread(page);
    await page.keyboard.press('r');
    await page.locator('.comp [role=textbox]:focus').waitFor();
    await page.keyboard.type('Hello, **thank you** for waiting. The attached list has it all.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.comp-warn').waitFor();
  }],
  ...[['status', 's'], ['assign', 'a'], ['snooze', 'z'], ['tags', 't'], ['priority', 'p']].map(([name, key]) => [`menu-${name}`, (lang) => `/inbox/all_open/${ids[lang]}`, async (page) => {
    await thread(page);
    await page.keyboard.press(key);
    await floats(page);
  }]),
  ['context-sheet', (lang) => `/inbox/all_open/${ids[lang]}`, async (page) => {
    await thread(page);
    if (page.viewportSize().width < 1100) await press('.')(page);
  }],
  ['palette', '/inbox/all_open', press('Control+k')],
  ['help', '/inbox/all_open', press('?')],
  ['new', '/inbox/all_open', press('c')],
  ['search', (lang) => `/inbox/search?q=${lang === 'ko' ? encodeURIComponent('환불') : 'refund'}`],
  ['search-none', '/inbox/search?q=zzzzqq'],
  ['search-empty', '/inbox/search'],
  ['profile-menu', '/inbox/all_open', (page) => page.locator('.me').click()],
  ['customers', '/customers'],
  ['customer', `/customers/${customer}`],
  ['settings', '/settings'],
  ...['profile', 'sessions', 'tokens', 'workspace', 'people', 'teams', 'inboxes', 'tags', 'statuses', 'quarantine', 'audit'].map((id) => [`settings-${id}`, `/settings/${id}`]),
  ['settings-inbox', '/settings/inboxes', async (page) => {
    await page.locator('a.what').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
  }],
  ['settings-tag-add', '/settings/tags', (page) => page.locator('.set-head .btn').click()],
  ['settings-invite', '/settings/people', (page) => page.locator('.set-head .btn').click()],
  ['settings-token-add', '/settings/tokens', (page) => page.locator('.btn[data-kind=primary]').first().click()],
  ['settings-tag-remove', '/settings/tags', (page) => page.locator('.entries .ib').nth(1).click()],
  ['not-found', '/nowhere/at/all'],
  ['settings-not-found', '/settings/nowhere'],
  ['api', '/api'],
];
/** The same page while the server does not answer, answers with an error, or cannot be reached. */
const fault = (pattern, how) => async (page) => {
  await page.route(pattern, how === 'never' ? () => {} : how === 'cut' ? (route) => route.abort() : (route) => route.fulfill({ status: how, contentType: 'application/problem+json', body: JSON.stringify({ code: how === 403 ? 'forbidden' : 'internal', status: how, title: '', detail: '' }) }));
};
const after = async (page) => {
  await page.waitForTimeout(700);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
};
const FAULTS = [
  ['loading-list', '/inbox/all_open', fault('**/conversations?*', 'never')],
  ['loading-thread', (lang) => `/inbox/all_open/${ids[lang]}`, fault('**/timeline*', 'never')],
  ['loading-people', '/settings/people', fault('**/api/v1/agents*', 'never')],
  ['loading-customers', '/customers', fault('**/api/v1/customers*', 'never')],
  ['refused-list', '/inbox/all_open', fault('**/conversations?*', 403)],
  ['refused-thread', (lang) => `/inbox/all_open/${ids[lang]}`, fault('**/timeline*', 403)],
  ['refused-settings', '/settings/tags', fault('**/api/v1/tags*', 403)],
  ['refused-customers', '/customers', fault('**/api/v1/customers*', 403)],
  ['broken-all', '/inbox/all_open', fault('**/api/v1/session', 403)],
];
PAGES.push(
  ['long-list', '/inbox/all_open', (page) => page.getByRole('option').first().waitFor()],
  ['long-thread', `/inbox/all_open/${ids.overlong}`, thread],
  ['long-thread-top', `/inbox/all_open/${ids.overlong}`, async (page) => {
    await thread(page);
    await page.locator('.main .scroll').evaluate((box) => box.scrollTo(0, 0));
  }],
  ['long-context', `/inbox/all_open/${ids.overlong}`, async (page) => {
    await thread(page);
    if (page.viewportSize().width < 1100) await press('.')(page);
  }],
  ['find', (lang) => `/inbox/all_open/${ids[lang]}`, async (page, lang) => {
    await thread(page);
    await page.keyboard.press('Control+f');
    await page.locator('.findbar input').fill(lang === 'ko' ? '고맙' : 'hello');
  }],
  ['offline', (lang) => `/inbox/all_open/${ids[lang]}`, async (page) => {
    await thread(page);
    await page.context().setOffline(true);
    await page.locator('.banner').waitFor();
  }, (page) => page.context().setOffline(false)],
  ...FAULTS.map(([name, path, before]) => [name, path, undefined, after, before]),
);
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844, touch: true } };
const taken = [];

for (const [size, shape] of Object.entries(SIZES))
  for (const scheme of ['light', 'dark'])
    for (const lang of ['en', 'ko']) {
      const kind = `${size}-${scheme}-${lang}`;
      const mine = PAGES.filter(([name]) => wanted(`${name}-${kind}`));
      if (mine.length === 0) continue;
      const options = { ...shape, scheme, locale: lang === 'ko' ? 'ko-KR' : 'en-US' };
      const page = await open(chrome, server.url, options);
      page.setDefaultTimeout(6000);
      const shoot = async ([name, path, act, after, before]) => {
        try {
          await before?.(page);
          await page.goto(typeof path === 'function' ? path(lang) : path);
          if (before) await page.waitForTimeout(1200);
          else await settled(page);
          if (!before && !name.startsWith('entry') && name !== 'api') await page.locator('.me .on').waitFor({ state: 'attached' });
          await act?.(page, lang);
          if (!before) await settled(page);
          await page.waitForTimeout(250);
        } catch (error) {
          console.log(`${name}-${kind}: ${error.message.split('\n')[0]}`);
        }
        const file = `${name}-${kind}.png`;
        await page.screenshot({ path: join(out, file), animations: 'disabled' });
        await after?.(page);
        taken.push({ file, name, kind, width: shape.width, height: shape.height });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) console.log(`${name}-${kind}: ${wide}px wider than the window`);
      };
      for (const one of mine.filter(([name]) => name.startsWith('entry'))) await shoot(one);
      await signIn(page, people[lang]);
      for (const one of mine.filter(([name]) => !name.startsWith('entry'))) await shoot(one);
      for (const trouble of page.troubles) console.log(`${kind}: ${trouble}`);
      await page.context().close();
    }

// Several pictures on one sheet, for a quick look.
const sheet = await open(chrome, server.url, { width: 1800, height: 1200 });
const picture = ({ file }) => `data:image/png;base64,${readFileSync(join(out, file)).toString('base64')}`;
let n = 0;
for (const size of Object.keys(SIZES)) {
  const all = taken.filter((one) => one.kind.startsWith(size));
  const per = size === 'desk' ? 4 : 8;
  for (let at = 0; at < all.length; at += per) {
    const columns = size === 'desk' ? 2 : 4;
    const cells = all.slice(at, at + per).map((one) => `<figure style="margin:0"><figcaption>${one.file}</figcaption><img src="${picture(one)}" style="width:100%;display:block;border:1px solid #888"></figure>`);
    await sheet.setContent(`<body style="margin:8px;font:12px sans-serif;display:grid;grid-template-columns:repeat(${columns},1fr);gap:8px">${cells.join('')}</body>`);
    n += 1;
    writeFileSync(join(out, `sheet-${String(n).padStart(2, '0')}-${size}.png`), await sheet.screenshot({ fullPage: true }));
  }
}
console.log(`${taken.length} pictures and ${n} sheets in ${out}`);
await chrome.close();
await server.stop();
process.exit();
