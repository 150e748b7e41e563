import { MAC } from './keys';

/** Attributes of a control that says its label, and the key that does the same, after a short rest or on keyboard focus. */
export const tip = (label: string, keys?: string) => ({
  'data-tip': label,
  'data-tip-keys': keys,
  // A sequence of keys has no form there.
  'aria-keyshortcuts': keys && !keys.includes(' ') ? keys.replace('Mod', MAC ? 'Meta' : 'Control') : undefined,
});
