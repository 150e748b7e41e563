export const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const SIGNS: Record<string, string> = {
  Mod: MAC ? '⌘' : 'Ctrl',
  Shift: '⇧',
  Enter: '⏎',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** Splits `g i` into steps and `Mod+Enter` into signs as people read them. */
export const keySigns = (keys: string): string[] =>
  keys.split(' ').map((step) =>
    step
      .split('+')
      .map((k) => SIGNS[k] ?? (k.length === 1 ? k.toUpperCase() : k))
      .join(' '),
  );

/** Keyboard keys as small caps. `joined` draws the whole shortcut on one key, as inside buttons. */
export function Keys({ keys, joined = false }: { keys: string; joined?: boolean }) {
  const steps = keySigns(keys);
  if (joined) return <kbd className="key">{steps.join(' ')}</kbd>;
  return (
    <span className="keys">
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity
        <kbd className="key" key={i}>
          {step}
        </kbd>
      ))}
    </span>
  );
}
