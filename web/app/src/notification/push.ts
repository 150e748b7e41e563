import { del, get, type List, type PushDevice, type PushDeviceForm, type PushKey, put } from '@api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '../session/queries';
import { pushedFor, rememberPush } from './push-here';

const DEVICES = ['push-devices'] as const;

/** Why notifications cannot be pushed to this browser; `null` when they can. An iPhone can as soon as the app is installed. */
export function pushObstacle(): 'unsupported' | 'install' | 'denied' | null {
  const can = typeof globalThis.Notification !== 'undefined' && 'serviceWorker' in navigator && 'PushManager' in globalThis;
  if (!can) return /iPhone|iPad/.test(navigator.userAgent) ? 'install' : 'unsupported';
  return globalThis.Notification.permission === 'denied' ? 'denied' : null;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));

const sameKey = (subscription: PushSubscription, key: Uint8Array): boolean => {
  const own = subscription.options.applicationServerKey;
  return !own || (own.byteLength === key.byteLength && new Uint8Array(own).every((byte, i) => byte === key[i]));
};

/** The service worker; a browser that runs none must not be waited for. */
const ready = (): Promise<ServiceWorkerRegistration> =>
  Promise.race([
    navigator.serviceWorker.ready,
    new Promise<never>((_, reject) => setTimeout(() => reject(new DOMException('no service worker', 'TimeoutError')), 10_000)),
  ]);

/** Subscribes this browser, or takes its subscription, and tells the server. */
async function subscribe(): Promise<PushDevice> {
  const worker = await ready();
  const key = bytes((await get<PushKey>('/push-key')).public_key);
  let subscription = await worker.pushManager.getSubscription();
  // Made with another key than ours: the installation behind this address is another one now.
  if (subscription && !sameKey(subscription, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  return put<PushDevice>('/push-devices', { endpoint: endpoint ?? '', p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } satisfies PushDeviceForm);
}

/** At start, on a device where this agent has switched it on: the server hears of the session that it belongs to now. */
export async function renewPush(agent: string): Promise<void> {
  if (pushedFor() !== agent || pushObstacle() !== null || globalThis.Notification.permission !== 'granted') return;
  await subscribe();
  rememberPush(agent);
}

/** The devices that one's notifications are pushed to. */
export const usePushDevices = () => useQuery({ queryKey: DEVICES, queryFn: () => get<List<PushDevice>>('/push-devices').then((page) => page.items) });

/** Why it could not be switched on. */
export class NotAllowed extends Error {}

export function useSwitchPush() {
  const client = useQueryClient();
  const me = useMe().agent.id;
  const settled = () => void client.invalidateQueries({ queryKey: DEVICES });
  const on = useMutation({
    mutationFn: async () => {
      if ((await globalThis.Notification.requestPermission()) !== 'granted') throw new NotAllowed();
      return subscribe();
    },
    onSuccess: () => rememberPush(me),
    onSettled: settled,
  });
  const off = useMutation({
    mutationFn: async (device: PushDevice) => {
      await del(`/push-devices/${device.id}`);
      if (!device.current) return;
      rememberPush(null);
      const worker = await navigator.serviceWorker?.getRegistration();
      await (await worker?.pushManager?.getSubscription())?.unsubscribe();
    },
    onSettled: settled,
  });
  return { on, off };
}
