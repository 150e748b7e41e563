import { get, type NotificationSettings, type NotificationSound } from '@api';
import type { QueryClient } from '@tanstack/react-query';

/** One tone: frequency in Hz, when it begins and how long it lasts, in seconds, how loud, and its wave. */
type Tone = readonly [frequency: number, at: number, lasts: number, loud: number, wave: OscillatorType];

/** Each sound is a few tones; nothing is loaded. */
const SOUNDS: Record<Exclude<NotificationSound['name'], 'none'>, readonly Tone[]> = {
  drop: [
    [880, 0, 0.12, 0.9, 'sine'],
    [1320, 0.07, 0.16, 0.6, 'sine'],
  ],
  chime: [
    [659.25, 0, 0.5, 0.7, 'sine'],
    [987.77, 0.12, 0.6, 0.6, 'sine'],
    [1318.5, 0.24, 0.8, 0.4, 'sine'],
  ],
  knock: [
    [180, 0, 0.07, 1, 'triangle'],
    [150, 0.13, 0.09, 1, 'triangle'],
  ],
  glass: [
    [1567.98, 0, 0.9, 0.5, 'sine'],
    [3135.96, 0, 0.5, 0.2, 'sine'],
    [4186, 0.01, 0.3, 0.1, 'sine'],
  ],
};

let context: AudioContext | null = null;

/** Plays a sound. Resolves when it has ended; false when the browser lets this page make none yet. */
export async function play({ name, volume }: NotificationSound): Promise<boolean> {
  if (name === 'none' || volume === 0) return true;
  context ??= new AudioContext();
  if (context.state === 'suspended') await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  if (context.state !== 'running') return false;
  const master = context.createGain();
  // What ears call half as loud is far less than half.
  master.gain.value = (volume / 100) ** 2 * 0.5;
  master.connect(context.destination);
  const start = context.currentTime + 0.02;
  let end = 0;
  for (const [frequency, at, lasts, loud, wave] of SOUNDS[name]) {
    const tone = context.createOscillator();
    const shape = context.createGain();
    tone.type = wave;
    tone.frequency.value = frequency;
    shape.gain.setValueAtTime(0, start + at);
    shape.gain.linearRampToValueAtTime(loud, start + at + 0.01);
    shape.gain.exponentialRampToValueAtTime(0.001, start + at + lasts);
    tone.connect(shape).connect(master);
    tone.start(start + at);
    tone.stop(start + at + lasts);
    end = Math.max(end, at + lasts);
  }
  dispatchEvent(new CustomEvent('sonnim:sound', { detail: name }));
  await new Promise((resolve) => setTimeout(resolve, end * 1000 + 50));
  master.disconnect();
  return true;
}

/** Of several notifications within this time, the first is heard. */
const PAUSE = 2_000;
let last = 0;

/** The sound of a new notification: in one of the open pages, and in none when one of them shows the conversation already. */
export async function ring(client: QueryClient, notification: string, conversation: string | null): Promise<void> {
  const settings = await client.fetchQuery({
    queryKey: ['notification-settings'],
    queryFn: () => get<NotificationSettings>('/notification-settings'),
    staleTime: 60_000,
  });
  if (settings.sound.name === 'none') return;
  const inFront = !document.hidden && conversation !== null && location.pathname.includes(conversation);
  // A page that nobody has touched may make no sound; another one may.
  if (!inFront && (!navigator.userActivation?.hasBeenActive || Date.now() - last < PAUSE)) return;
  await navigator.locks?.request(`sonnim.sound.${notification}`, { ifAvailable: true }, async (mine) => {
    if (!mine) return;
    last = Date.now();
    // Held for a moment, so that a page that is a little later finds it taken.
    const held = new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (!inFront) await play(settings.sound).catch(() => false);
    await held;
  });
}
