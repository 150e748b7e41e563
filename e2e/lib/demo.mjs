import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './scratch.mjs';
import { Server } from './server.mjs';

const password = 'haru-demo-2026';
/** Who is in the demo shop. The owner's screen speaks Korean, the admin's English. */
export const PEOPLE = {
  en: { email: 'sofia@haru-goods.example', password },
  ko: { email: 'haru@haru-goods.example', password },
  viewer: { email: 'daniel@haru-goods.example', password },
};

/** A server with the demo shop; it is made first, unless the folder `data` holds it already. */
export async function demo({ data = join(scratch('demo'), 'data') } = {}) {
  if (!existsSync(join(data, 'sonnim.db'))) Object.assign(Object.create(Server.prototype), { data, options: {} }).command(['demo']);
  return { server: await Server.start({ data }), people: PEOPLE };
}
