import { createServer } from 'node:net';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until the answer is truthy and gives it; fails with `what` after `ms`. `what` may be a function that tells more. */
export async function until(ask, what, ms = 20_000) {
  const end = Date.now() + ms;
  let error;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      error = undefined;
    } catch (e) {
      error = e;
    }
    if (Date.now() > end) {
      const text = typeof what === 'function' ? await what() : what;
      throw new Error(`waited ${ms / 1000} s in vain: ${text}${error ? ` (${error.message})` : ''}`);
    }
    await sleep(40);
  }
}

/** A TCP port on the loopback that nobody uses now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
