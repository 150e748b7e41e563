import { type ReactNode, useEffect, useRef } from 'react';

/** A form of ours: it never sends by itself, and takes the focus to the first field that needs a look. */
export function Form({ className = 'form', onSubmit, error, children }: { className?: string; onSubmit: () => void; error?: unknown; children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null);
  const look = () => requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new error moves the focus
  useEffect(() => {
    if (error) look();
  }, [error]);
  return (
    <form
      ref={form}
      className={className}
      noValidate
      autoComplete="on"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
        look();
      }}
    >
      {children}
    </form>
  );
}
