import { create } from 'zustand';

interface Update {
  /** A newer version waits to take over. */
  ready: ServiceWorker | null;
}

export const useUpdate = create<Update>(() => ({ ready: null }));

const HOUR = 3_600_000;
let begun = false;

/** Lets the browser keep the app's files, and notices when the server has newer ones. */
export async function registerWorker(): Promise<void> {
  if (begun || import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  begun = true;
  const registration = await navigator.serviceWorker.register('/sw.js').catch(() => null);
  if (!registration) return;
  const told = (worker: ServiceWorker | null) => {
    // The first one ever has nobody to take over from.
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) useUpdate.setState({ ready: worker });
  };
  told(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => told(coming));
  });
  const look = () => void registration.update().catch(() => undefined);
  setInterval(look, HOUR);
  // A server that was away may have come back as a newer one.
  addEventListener('sonnim:live', look);
}

/** Takes the newer version: the page is loaded anew by it. */
export function takeUpdate(): void {
  const { ready } = useUpdate.getState();
  if (!ready) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  ready.postMessage('take over');
}
