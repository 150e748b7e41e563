// The service worker. It keeps the app's own files, whose names hold a hash of their content, and the page around them; never an
// answer of the API. The version and the list of files are filled in when the app is built.
const CACHE = 'sonnim-__VERSION__';
const FILES = __FILES__;
const SHELL = '/';

/** What an older version kept already is not fetched again. */
async function keep(cache, path) {
  const known = await caches.match(path);
  await cache.put(path, known ?? (await fetched(path)));
}
async function fetched(path) {
  const answer = await fetch(path, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.put(SHELL, await fetched(SHELL));
      // A few at a time: the first screen's own requests come first.
      const left = [...FILES];
      await Promise.all(
        Array.from({ length: 3 }, async () => {
          for (let path = left.shift(); path; path = left.shift()) await keep(cache, path);
        }),
      );
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('sonnim-') && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api')) return;
  if (request.mode === 'navigate') {
    // The page is always fresh while there is a network.
    event.respondWith(fetch(request).catch(async () => (await caches.match(SHELL)) ?? Response.error()));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(request).then((known) => known ?? fetch(request)));
  }
});
