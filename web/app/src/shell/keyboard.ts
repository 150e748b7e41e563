// Which key was meant. Pure, so that it can be tested without a browser.

export interface KeyPress {
  key: string;
  code: string;
  shift: boolean;
  mod: boolean;
  alt: boolean;
}

/** The name of a key press as commands spell it. In a Korean layout letters come from the key's place, not from the syllable. */
export function keyName({ key, code, shift, mod, alt }: KeyPress): string | null {
  if (alt) return null;
  let name = key;
  if (/^Key[A-Z]$/.test(code) && !/^[a-z]$/i.test(key)) name = code.slice(3).toLowerCase();
  else if (key.length === 1 && /[a-z]/i.test(key)) name = key.toLowerCase();
  if (name === 'Process' || name === 'Dead' || name === 'Shift' || name === 'Control' || name === 'Meta') return null;
  const letter = /^[a-z]$/.test(name) || name.length > 1;
  return `${mod ? 'Mod+' : ''}${shift && letter ? 'Shift+' : ''}${name}`;
}

/** Finds the command for `pressed` after `before` (the first step of a two-step shortcut, or null). */
export function match<T extends { keys?: string }>(commands: readonly T[], before: string | null, pressed: string): { command?: T; pending: string | null } {
  if (before) {
    const both = commands.find((command) => command.keys === `${before} ${pressed}`);
    if (both) return { command: both, pending: null };
  }
  const one = commands.find((command) => command.keys === pressed);
  if (one) return { command: one, pending: null };
  return { pending: commands.some((command) => command.keys?.startsWith(`${pressed} `)) ? pressed : null };
}
