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

/** What the server says is shown as it is: it is in the agent's language, and holds no word of a message. */
async function show(told) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // Somebody has it in front of them.
  if (told.tag && pages.some((page) => page.focused && page.visibilityState === 'visible' && page.url.includes(told.tag))) return;
  await self.registration.showNotification(told.title ?? 'Sonnim', {
    body: told.body ?? '',
    lang: told.lang,
    // One for each conversation: a later one takes the place of the one before, and is heard again.
    tag: told.tag ?? 'sonnim',
    renotify: true,
    timestamp: told.at ?? Date.now(),
    icon: '/icons/icon-192.png',
    data: { path: told.path ?? '/' },
  });
}
self.addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // Something arrived that is not of ours; that it did must be shown all the same.
  }
  event.waitUntil(show(told));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = event.notification.data ?? { path: '/' };
  event.waitUntil(
    (async () => {
      const pages = await self.clients.matchAll({ type: 'window' });
      const page = pages.find((one) => one.focused) ?? pages.find((one) => one.visibilityState === 'visible') ?? pages[0];
      if (!page) return void (await self.clients.openWindow(path));
      page.postMessage({ open: path });
      await page.focus();
    })(),
  );
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(
    (async () => {
      const answer = await fetch('/api/v1/push-key', { credentials: 'same-origin' });
      if (!answer.ok) return;
      const { public_key } = await answer.json();
      const key = Uint8Array.from(atob(public_key.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
      const { endpoint, keys } = (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
      const body = JSON.stringify({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
      await fetch('/api/v1/push-devices', { method: 'PUT', credentials: 'same-origin', headers: { 'content-type': 'application/json' }, body });
    })(),
  );
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
