import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');

/** A Chromium. */
export function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // prettier-ignore
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
}

/** A window of its own, as a person with a fresh browser has. Errors in the page end up in `page.troubles`. */
export async function open(chrome, url, { width = 1440, height = 900, locale = 'en-US', scheme = 'light', touch = false, workers = false } = {}) {
  const context = await chrome.newContext({
    baseURL: url,
    locale,
    colorScheme: scheme,
    timezoneId: 'Asia/Seoul',
    viewport: { width, height },
    reducedMotion: 'reduce',
    // A page that a service worker serves hides its requests from `page.route`.
    serviceWorkers: workers ? 'allow' : 'block',
    hasTouch: touch,
    isMobile: touch,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.troubles = [];
  page.on('pageerror', (error) => page.troubles.push(String(error)));
  page.on('console', (message) => {
    // What the server refuses is told by the app itself; the browser's own line about it is noise.
    if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) page.troubles.push(message.text());
  });
  return page;
}

/** Signs in by the form and waits for the inbox. */
export async function signIn(page, { email, password }) {
  await page.goto('/sign-in');
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/inbox\//);
  await live(page);
}

/** Waits until the page follows the event stream. */
export async function live(page) {
  await page.locator('.me .on').waitFor({ state: 'attached' });
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Notes what in the page, as it stands, breaks a rule of WCAG 2.2 A or AA that axe can see. The journey goes on and fails at its end. */
export async function accessible(page, where) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await axeSource());
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, rules: { 'label-content-name-mismatch': { enabled: true } }, resultTypes: ['violations'] }), RULES);
  if (violations.length === 0) return;
  const lines = violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n${v.nodes.map((n) => `    ${n.target.join(' ')}\n      ${n.html.slice(0, 160)}\n      ${n.failureSummary?.replace(/\n/g, ' ')}`).join('\n')}`);
  page.troubles.push(`${where} is not accessible:\n${lines.join('\n')}`);
}

let source;
async function axeSource() {
  source ??= await import('node:fs/promises').then((fs) => fs.readFile(axe, 'utf8'));
  return source;
}

/** Where the page and each of its frames is, what has the focus there, and what stands in the fields: for somebody who reads a failure afterwards. */
export async function standing(page) {
  const frames = page.frames().map((frame) =>
    frame
      .evaluate(() => {
        const fields = [...document.querySelectorAll('textarea, input:not([type=password])')].map((field) => `${field.ariaLabel ?? field.name}=${field.value}`);
        return [location.href, document.hasFocus() ? 'focused' : 'not focused', document.activeElement?.outerHTML.slice(0, 120), fields.join(' | ').slice(0, 300)].join('\n  ');
      })
      .catch((error) => String(error)),
  );
  return (await Promise.all(frames)).join('\n');
}

/** Keeps a picture of the page in `out/`, to look at after a failure. */
export async function picture(page, name) {
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`) }).catch(() => {});
}
