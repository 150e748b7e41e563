import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

/** What is offered for what stands before the cursor in a text. */
export interface Offered<T> {
  items: readonly T[];
  at: number;
  rect: DOMRect | null;
  pick: (item: T) => void;
}

interface SuggestionsProps<T> {
  /** Its own on the page: its entries are `<name>-0`, `<name>-1` … */
  name: string;
  label: string;
  menu: Offered<T> | null;
  keyOf: (item: T) => string;
  children: (item: T) => ReactNode;
}

/** A list at the cursor of a text. The keyboard stays in the text. */
export function Suggestions<T>({ name, label, menu, keyOf, children }: SuggestionsProps<T>) {
  if (!menu?.rect) return null;
  const { items, at, rect, pick } = menu;
  const above = rect.top > innerHeight / 2;
  const place = { left: Math.min(rect.left, innerWidth - 272), ...(above ? { bottom: innerHeight - rect.top + 6 } : { top: rect.bottom + 6 }) };
  return createPortal(
    <div id={`${name}-menu`} className="pop mention-menu menu" role="listbox" aria-label={label} style={place}>
      {items.map((item, i) => (
        <div
          key={keyOf(item)}
          id={`${name}-${i}`}
          className="opt"
          role="option"
          tabIndex={-1}
          aria-selected={i === at}
          data-focused={i === at || undefined}
          // The text keeps the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            pick(item);
          }}
        >
          {children(item)}
        </div>
      ))}
    </div>,
    document.body,
  );
}
