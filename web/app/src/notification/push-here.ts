import { create } from 'zustand';

/** Whether notifications are pushed to this device: then the service worker shows them, and the page does not. */
export const usePushHere = create<{ on: boolean }>(() => ({ on: false }));

const KEY = 'sonnim.push';

/** Who has switched it on here. */
export const pushedFor = (): string | null => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};
export const rememberPush = (agent: string | null): void => {
  usePushHere.setState({ on: agent !== null });
  try {
    if (agent) localStorage.setItem(KEY, agent);
    else localStorage.removeItem(KEY);
  } catch {
    // Without room for it, it has to be switched on again the next time.
  }
};
