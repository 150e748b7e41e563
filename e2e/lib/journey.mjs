import { after, test } from 'node:test';
import * as chromium from './browser.mjs';
import { Postfix } from './postfix.mjs';
import { Server } from './server.mjs';

/** What a file of journeys starts. Everything ends with the file. */
export class House {
  pages = [];
  servers = [];

  constructor() {
    after(() => this.close());
  }

  async server(options) {
    const server = await Server.start(options);
    this.servers.push(server);
    return server;
  }

  /** A server that is set up, with Postfix on the customers' side and one inbox that is fed and sends through it. */
  async shop({ language = 'en', ...options } = {}) {
    this.shopServer = await this.server(options);
    await this.shopServer.setUp({ language });
    this.postfix = await Postfix.start({ lmtp: this.shopServer.lmtp });
    this.help = await this.shopServer.inbox({ smtpPort: this.postfix.port });
    return this.shopServer;
  }

  /** A window of its own in the one Chromium. */
  async window(server, options) {
    this.chrome ??= await chromium.browser();
    const page = await chromium.open(this.chrome, server.url, options);
    this.pages.push(page);
    return page;
  }

  /** The same, signed in. */
  async desk(server, person, options) {
    const page = await this.window(server, options);
    await chromium.signIn(page, person);
    return page;
  }

  /** One journey. When it fails, pictures of all pages are kept and the servers' last words are told. */
  journey(name, steps) {
    test(name, async (t) => {
      try {
        await steps(t);
        const troubles = this.pages.flatMap((page) => page.troubles.splice(0));
        if (troubles.length > 0) throw new Error(troubles.join('\n'));
      } catch (error) {
        const slug = name.replace(/\W+/g, '-').slice(0, 60);
        for (const [i, page] of this.pages.entries()) {
          if (page.isClosed()) continue;
          await chromium.picture(page, `${slug}-${i + 1}`);
          t.diagnostic(`page ${i + 1} stood like this:\n${await chromium.standing(page)}`);
        }
        for (const server of this.servers) t.diagnostic(`sonnim said last:\n${server.log().split('\n').slice(-25).join('\n')}`);
        const troubles = this.pages.flatMap((page) => page.troubles.splice(0));
        if (troubles.length > 0) t.diagnostic(`before that: ${troubles.join('\n')}`);
        throw error;
      }
    });
  }

  async close() {
    await this.chrome?.close();
    for (const server of this.servers) await server.stop();
    this.postfix?.stop();
    this.dovecot?.stop();
    this.atEnd?.();
  }
}
