/** From here on a wait stands out, and from there it is too long: in seconds. */
const LONG = 60;
const TOO_LONG = 180;

/** Whether a wait is one to look at. */
export function waitTone(since: string, now: number): 'warn' | 'bad' | undefined {
  const seconds = (now - new Date(since).getTime()) / 1000;
  return seconds >= TOO_LONG ? 'bad' : seconds >= LONG ? 'warn' : undefined;
}
