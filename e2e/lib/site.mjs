import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './wait.mjs';

/** The npm package, as a bundler would take it in. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '../../web/widget/package');

/** What sites do to their own pages, at its worst: every rule here would break a button that is not shielded. */
const HOSTILE = `
  * { all: unset !important; color: black !important; }
  button, iframe, b, i { display: none !important; visibility: hidden !important; width: 3px !important; }
  html { font-size: 3px; } body { transform: rotate(1deg); filter: invert(1); overflow: hidden; }
  sonnim-widget { position: static !important; z-index: -1 !important; opacity: 0 !important; }
`;

/**
 * Somebody's site: a page on another origin (and another site) than Sonnim's, which includes the messenger by its one line.
 * Options of `url`: attributes of the script line, `hostile`, `csp`.
 */
export class Site {
  static async start(server) {
    const site = new Site();
    site.server = server;
    site.http = createServer((request, response) => site.answer(new URL(request.url, site.origin), response));
    await new Promise((done) => site.http.listen(0, '127.0.0.1', done));
    site.origin = `http://127.0.0.1:${site.http.address().port}`;
    return site;
  }

  answer(url, response) {
    if (/^\/package\/\w+\.js$/.test(url.pathname)) {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      return response.end(readFileSync(join(PACKAGE, url.pathname.slice(9))));
    }
    const options = JSON.parse(url.searchParams.get('o') ?? '{}');
    const attributes = Object.entries({ key: this.key, ...options.data })
      .map(([name, value]) => ` data-${name}="${value}"`)
      .join('');
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    // What `docs/user` tells a site with a strict policy to allow, and nothing more.
    if (options.csp)
      headers['content-security-policy'] =
        `default-src 'none'; script-src ${this.server.url}; frame-src ${this.server.url}; require-trusted-types-for 'script'; trusted-types 'none'`;
    if (options.isolated) Object.assign(headers, { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' });
    response.writeHead(200, headers);
    response.end(`<!doctype html><html lang="${options.lang ?? 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Haru Goods</title>${options.hostile ? `<style>${HOSTILE}</style>` : ''}</head>
<body><main><h1>Tea bowls</h1><p>${'Made by hand, one after the other. '.repeat(60)}</p></main>
${this.line(options, attributes)}</body></html>`);
  }

  /** The line itself, or the package in its place. */
  line(options, attributes) {
    if (!options.package) return `<script async src="${options.src ?? `${this.server.url}/widget.js`}"${options.integrity ? ` integrity="${options.integrity}" crossorigin="anonymous"` : ''}${attributes}></script>`;
    return `<button id="own">Help</button><script type="module">import { load } from '/package/index.js';
      const messenger = load({ url: '${this.server.url}', key: '${this.key}', launcher: 'off' });
      window.heard = []; for (const name of ['open', 'close']) messenger.on(name, () => window.heard.push(name));
      document.querySelector('#own').onclick = () => messenger.open();</script>`;
  }

  url(options = {}) {
    return `${this.origin}/?o=${encodeURIComponent(JSON.stringify(options))}`;
  }

  stop() {
    this.http.close();
    this.http.closeAllConnections();
  }
}

/** Settings of a widget that the site may include. */
export const widgetOf = (site, more = {}) => ({
  enabled: true,
  name: 'Haru Goods',
  theme: { colour: '#0f554e', position: 'right' },
  greeting: { en: 'Hello. How can we help?', ko: '안녕하세요. 무엇을 도와드릴까요?' },
  away_text: {},
  origins: [site.origin],
  pre_chat: { when: 'never', fields: [] },
  files: { enabled: true, max_bytes: 5_000_000 },
  page: false,
  typing_preview: false,
  identity_required: false,
  full_names: false,
  mail_after: 300,
  ...more,
});

/** The launcher on a page of the site. */
export const launcher = (page) => page.locator('sonnim-widget').getByRole('button');

/** What is inside the messenger. */
export const inside = (page) => page.frameLocator('sonnim-widget iframe');

/** The frame itself, once it says something. */
export async function frameOf(page) {
  return until(() => page.frames().find((frame) => /\/widget\//.test(frame.url())), 'the frame is there');
}

/** Opens the messenger with a click, and gives what is inside. */
export async function openMessenger(page) {
  await launcher(page).click();
  const talk = inside(page);
  await talk.locator('.home, .talk').first().waitFor();
  return talk;
}

/** Writes as somebody with a phone does: taps on the field, and types. */
export async function tapAndWrite(field, text) {
  await field.tap();
  await field.fill(text);
  await until(async () => (await field.inputValue()) === text, 'the words stand in the field');
}

/** Writes and sends by Enter. */
export async function say(talk, text) {
  const field = talk.getByRole('textbox', { name: /^(Message|메시지)$/ });
  await field.fill(text);
  await field.press('Enter');
}
