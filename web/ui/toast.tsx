import { useEffect } from 'react';
import { create } from 'zustand';
import { Button, IconButton } from './button';

export interface ToastMessage {
  id: number;
  text: string;
  /** Takes the action back; offered as a button and on the key U. */
  undo?: () => void;
  undoLabel?: string;
  ms: number;
}

interface Toasts {
  items: ToastMessage[];
  show: (toast: { text: string; undo?: () => void; undoLabel?: string; ms?: number }) => number;
  dismiss: (id: number) => void;
}

let last = 0;

/** The short messages at the bottom. The newest one that can be undone answers to the key U. */
export const useToasts = create<Toasts>((set, get) => ({
  items: [],
  show: ({ text, undo, undoLabel, ms }) => {
    last += 1;
    const id = last;
    set({ items: [...get().items.slice(-2), { id, text, undo, undoLabel, ms: ms ?? (undo ? 8000 : 5000) }] });
    return id;
  },
  dismiss: (id) => set({ items: get().items.filter((item) => item.id !== id) }),
}));

/** Shows a toast from anywhere. */
export const toast = (text: string, options: { undo?: () => void; undoLabel?: string; ms?: number } = {}): number =>
  useToasts.getState().show({ text, ...options });

/** Undoes the newest toast that can be undone; false when there is none. */
export function undoLast(): boolean {
  const { items, dismiss } = useToasts.getState();
  const item = items.findLast((one) => one.undo);
  if (!item) return false;
  dismiss(item.id);
  item.undo?.();
  return true;
}

function ToastView({ item, closeLabel }: { item: ToastMessage; closeLabel: string }) {
  const dismiss = useToasts((s) => s.dismiss);
  useEffect(() => {
    const timer = setTimeout(() => dismiss(item.id), item.ms);
    return () => clearTimeout(timer);
  }, [item, dismiss]);
  return (
    <div className="toast">
      <span>{item.text}</span>
      {item.undo ? (
        <Button
          keys="u"
          onPress={() => {
            dismiss(item.id);
            item.undo?.();
          }}
        >
          {item.undoLabel}
        </Button>
      ) : (
        <IconButton icon="x" label={closeLabel} tip={false} onPress={() => dismiss(item.id)} />
      )}
    </div>
  );
}

/** Draws the toasts and announces them. Rendered once, near the root. */
export function ToastRegion({ label, closeLabel }: { label: string; closeLabel: string }) {
  const items = useToasts((s) => s.items);
  return (
    <section className="toasts" aria-label={label} aria-live="polite">
      {items.map((item) => (
        <ToastView key={item.id} item={item} closeLabel={closeLabel} />
      ))}
    </section>
  );
}
