import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { certificate, scratch } from './scratch.mjs';
import { freePort, until } from './wait.mjs';

const url64 = (bytes) => Buffer.from(bytes).toString('base64url');
const draw = (salt, from, about, length) => Buffer.from(hkdfSync('sha256', from, salt, about, length));

/** A little push service with one device: it checks who sends (RFC 8292) and reads messages as the browser would (RFC 8291). */
export class PushService {
  messages = [];

  static async start() {
    const service = new PushService();
    const folder = scratch('push');
    const { cert, key } = certificate(folder);
    service.ca = cert;
    service.port = await freePort();
    service.origin = `https://localhost:${service.port}`;
    service.endpoint = `${service.origin}/send/${randomBytes(12).toString('hex')}`;
    service.keys = createECDH('prime256v1');
    service.keys.generateKeys();
    service.secret = randomBytes(16);
    service.server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, async (request, response) => {
      const pieces = [];
      for await (const piece of request) pieces.push(piece);
      try {
        service.#authentic(request.headers.authorization);
        service.messages.push({ headers: request.headers, ...JSON.parse(service.#read(Buffer.concat(pieces))) });
        response.writeHead(201).end();
      } catch (error) {
        service.trouble = error;
        response.writeHead(400).end();
      }
    });
    await new Promise((done) => service.server.listen(service.port, 'localhost', done));
    return service;
  }

  /** What a server needs to reach it. */
  get env() {
    return { SONNIM_WEB_PRIVATE_NETWORKS: '127.0.0.1, ::1', SONNIM_WEB_CA_CERTIFICATES: this.ca };
  }

  /** Has a page's browser subscribe here: the one under test can reach no push service of its maker's. */
  async serve(page) {
    const device = { endpoint: this.endpoint, keys: { p256dh: url64(this.keys.getPublicKey()), auth: url64(this.secret) } };
    await page.addInitScript((device) => {
      const known = () => localStorage.getItem('test.push') !== null;
      const subscription = () => ({
        options: { applicationServerKey: null },
        toJSON: () => device,
        unsubscribe: async () => (localStorage.removeItem('test.push'), true),
      });
      PushManager.prototype.getSubscription = async () => (known() ? subscription() : null);
      PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
        if (!userVisibleOnly || applicationServerKey.byteLength !== 65) throw new Error('no key');
        localStorage.setItem('test.push', '1');
        return subscription();
      };
    }, device);
  }

  #authentic(header) {
    const [, token, key] = /^vapid t=([^,]+), k=(\S+)$/.exec(header);
    const [head, claims, signature] = token.split('.');
    const point = Buffer.from(key, 'base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: url64(point.subarray(1, 33)), y: url64(point.subarray(33)) };
    const signed = verify('sha256', Buffer.from(`${head}.${claims}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    const { aud, exp } = JSON.parse(Buffer.from(claims, 'base64url'));
    if (!signed || aud !== this.origin || exp * 1000 < Date.now() || exp * 1000 > Date.now() + 86_400_000) throw new Error(`not authentic: ${aud} ${exp}`);
  }

  #read(body) {
    const salt = body.subarray(0, 16);
    const theirs = body.subarray(21, 21 + body[20]);
    const sealed = body.subarray(21 + body[20]);
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.keys.getPublicKey(), theirs]);
    const common = draw(this.secret, this.keys.computeSecret(theirs), about, 32);
    const open = createDecipheriv('aes-128-gcm', draw(salt, common, 'Content-Encoding: aes128gcm\0', 16), draw(salt, common, 'Content-Encoding: nonce\0', 12));
    open.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
    return text.subarray(0, text.lastIndexOf(2)).toString();
  }

  /** The messages once there are so many. */
  async have(count) {
    await until(() => this.messages.length >= count, () => `${count} pushed messages; there are ${this.messages.length}${this.trouble ? ` (${this.trouble})` : ''}`);
    return this.messages;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
