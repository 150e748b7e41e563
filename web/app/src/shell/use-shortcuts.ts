import { useEffect, useRef } from 'react';
import type { Command } from './commands';
import { takeEarlyKeys } from './early-keys';
import { keyName, match } from './keyboard';
import { useShell } from './state';

/** Where a key belongs to what one is writing or choosing, not to the page. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  return target.closest('[role="dialog"], [role="menu"], [role="alertdialog"]') !== null;
}

/** In the field that finds, the same key once more is the browser's own. */
const isFinding = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('.findbar, [role="dialog"], [role="menu"]') !== null;

const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a[href], [role="tab"], [role="radio"]') !== null && target.getAttribute('role') !== 'option';

/** Runs commands by their keys. Two-step ones (`g i`) wait a second for the second step. */
export function useShortcuts(commands: readonly Command[]): void {
  const current = useRef(commands);
  current.current = commands;
  useEffect(() => {
    let before: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const pressed = keyName({ key: event.key, code: event.code, shift: event.shiftKey, mod: event.ctrlKey || event.metaKey, alt: event.altKey });
      if (!pressed) return;
      const { palette, help, newConversation, menu, composePending } = useShell.getState();
      // What floats above the page owns the keys, also while it is still on its way.
      if (palette || help || newConversation || menu || composePending) return;
      const taken = isTaken(event.target);
      if (taken && pressed !== 'Mod+k' && !(pressed === 'Mod+f' && !isFinding(event.target))) return;
      // Enter and Space press the control that has the focus.
      if ((pressed === 'Enter' || pressed === ' ') && isControl(event.target)) return;
      const { command, pending } = match(current.current, before, pressed);
      clearTimeout(timer);
      before = pending;
      if (pending)
        timer = setTimeout(() => {
          before = null;
        }, 1000);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    addEventListener('keydown', onKey);
    for (const event of takeEarlyKeys()) onKey(event);
    return () => {
      removeEventListener('keydown', onKey);
      clearTimeout(timer);
    };
  }, []);
}
