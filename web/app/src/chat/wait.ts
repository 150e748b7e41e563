/** From here on a wait stands out, and from there it is too long: in seconds. */
const LONG = 60;
const TOO_LONG = 180;

/** How long something takes by now, as a clock counts: 0:07, 12:40, 1:02:03. */
export function elapsed(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - new Date(since).getTime()) / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Whether a wait is one to look at. */
export function waitTone(since: string, now: number): 'warn' | 'bad' | undefined {
  const seconds = (now - new Date(since).getTime()) / 1000;
  return seconds >= TOO_LONG ? 'bad' : seconds >= LONG ? 'warn' : undefined;
}
