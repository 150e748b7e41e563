import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch, text } from './scratch.mjs';
import { handIn } from './smtp.mjs';
import { freePort, until } from './wait.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The binary under test. */
export const SONNIM = process.env.SONNIM_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/sonnim');

export const OWNER = { name: 'Mina Kim', email: 'mina@team.test', password: 'a lamp by the window' };

/** What a failed request said. */
export class ApiError extends Error {
  constructor(method, path, status, body) {
    super(`${method} ${path}: ${status} ${typeof body === 'string' ? body : JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** The API as one agent or token sees it. */
export class Api {
  constructor(url, headers = {}) {
    this.url = url;
    this.headers = headers;
  }

  async raw(method, path, body, headers = {}) {
    const bytes = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        'sec-fetch-site': 'none',
        origin: this.url,
        ...(body === undefined ? {} : { 'content-type': bytes ? 'message/rfc822' : 'application/json' }),
        ...this.headers,
        ...headers,
      },
      body: body === undefined || bytes ? body : JSON.stringify(body),
    });
    const content = await response.text();
    const answer = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(content) : content;
    if (!response.ok) throw new ApiError(method, path, response.status, answer);
    return { answer, response };
  }

  get = async (path) => (await this.raw('GET', path)).answer;
  post = async (path, body = {}, headers) => (await this.raw('POST', path, body, headers)).answer;
  put = async (path, body = {}) => (await this.raw('PUT', path, body)).answer;
  patch = async (path, body = {}) => (await this.raw('PATCH', path, body)).answer;
  del = async (path) => (await this.raw('DELETE', path)).answer;

  /** Every item of a list, page by page. */
  async all(path) {
    const items = [];
    let cursor = '';
    do {
      const page = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor);
    return items;
  }
}

/** One `sonnim serve`, with its own data folder and ports. */
export class Server {
  /**
   * Options: `data` (a folder to go on with), `databaseUrl`, `env`, `publicUrl`.
   * The mail servers listen at `lmtp` and `smtp`; `log()` is what the process said.
   */
  static async start(options = {}) {
    const server = new Server();
    server.data = options.data ?? scratch('data');
    server.options = options;
    process.once('exit', () => server.child?.kill('SIGKILL'));
    for (let left = 3; ; left -= 1) {
      [server.port, server.lmtp, server.smtp] = [await freePort(), await freePort(), await freePort()];
      server.url = `http://localhost:${server.port}`;
      try {
        await server.run();
        return server;
      } catch (error) {
        // Somebody else took the port between our asking and our listening.
        if (left === 0 || !String(error).includes('Address already in use')) throw error;
      }
    }
  }

  get environment() {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SONNIM_') && name !== 'DATABASE_URL'));
    return {
      ...inherited,
      // There is no DNS to ask in tests.
      SONNIM_MAIL_CHECK_SENDERS: 'false',
      ...(this.options.databaseUrl ? { DATABASE_URL: this.options.databaseUrl } : {}),
      ...this.options.env,
    };
  }

  /** Starts the process (again). */
  async run() {
    const file = join(this.data, '..', `${this.data.split('/').pop()}.log`);
    const log = openSync(file, 'a');
    this.logFile = file;
    const arguments_ = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--lmtp', `127.0.0.1:${this.lmtp}`];
    arguments_.push('--smtp', `127.0.0.1:${this.smtp}`, '--public-url', this.options.publicUrl ?? this.url);
    const child = spawn(SONNIM, arguments_, { env: this.environment, stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = child;
    this.ended = new Promise((done) => child.once('exit', (code, signal) => done({ code, signal })));
    child.once('error', (error) => {
      this.failure = error;
    });
    await until(
      async () => {
        if (this.failure || child.exitCode !== null) return true;
        return (await fetch(`${this.url}/readyz`)).ok;
      },
      () => `sonnim does not start: ${this.log()}`,
      30_000,
    );
    if (this.failure) throw this.failure;
    if (child.exitCode !== null) throw new Error(`sonnim ended at once: ${this.log()}`);
  }

  log() {
    return text(this.logFile);
  }

  /** Ends the process by `signal` and waits for its end. */
  async stop(signal = 'SIGTERM') {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return this.ended;
    this.child.kill(signal);
    return this.ended;
  }

  /** Runs a command of the binary on this data. Gives what it printed; throws when it failed. */
  command(arguments_, { input, env } = {}) {
    const done = spawnSync(SONNIM, [...arguments_, '--data', this.data], { env: { ...this.environment, ...env }, input, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`sonnim ${arguments_.join(' ')}: ${done.status} ${done.stderr} ${done.stdout}`);
    return done.stdout.trim();
  }

  /** The one-time link that the process printed. */
  setUpLink() {
    return until(() => /https?:\/\/\S+\/setup\?token=\S+/.exec(this.log())?.[0], () => `no set-up link in: ${this.log()}`);
  }

  /** Makes workspace and owner without a browser, and gives the owner's API. */
  async setUp({ language = 'en', owner = OWNER, workspace = 'Haru Goods' } = {}) {
    const token = new URL(await this.setUpLink()).searchParams.get('token');
    await new Api(this.url).post('/setup', { token, workspace: { name: workspace, language, time_zone: 'Asia/Seoul' }, owner });
    this.api = await this.signIn(owner);
    return this.api;
  }

  /** The API with a session of this person. */
  async signIn({ email, password }) {
    const { answer, response } = await new Api(this.url).raw('POST', '/session', { email, password });
    const cookie = response.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
    const api = new Api(this.url, { cookie });
    api.me = answer;
    return api;
  }

  /** An inbox whose mail Postfix delivers to us, and which sends through `smtpPort`. */
  async inbox({ name = 'Help', address = 'help@shop.test', smtpPort, ...more } = {}) {
    const inbox = await this.api.post('/inboxes', { name, address, from_name: 'Haru Goods', ...more });
    const outgoing = smtpPort ? { kind: 'smtp', host: 'localhost', port: smtpPort, security: 'none', user_name: null, auth: 'password' } : { kind: 'none' };
    await this.api.put(`/inboxes/${inbox.id}/connection`, { incoming: { kind: 'delivered' }, outgoing });
    return inbox;
  }

  /** Another person who can sign in at once, made on the command line. */
  agent({ name, email, role = 'agent', language = 'en', password = OWNER.password }) {
    this.command(['agent', 'create', '--name', name, '--email', email, '--role', role, '--language', language, '--password-stdin'], { input: password });
    return { name, email, password };
  }

  /** Hands a mail in by LMTP. */
  deliver(mail) {
    return handIn(this.lmtp, { ...mail, lmtp: true });
  }
}
