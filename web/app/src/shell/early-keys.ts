/** Keys pressed while the shortcuts are still on their way to the browser: a quick hand loses nothing. */
let held: KeyboardEvent[] = [];

const hold = (event: KeyboardEvent): void => {
  held.push(event);
};

export const holdEarlyKeys = (): void => addEventListener('keydown', hold);

/** Hands over the keys that waited, in their order; from then on none are kept. */
export function takeEarlyKeys(): KeyboardEvent[] {
  removeEventListener('keydown', hold);
  const keys = held;
  held = [];
  return keys;
}
