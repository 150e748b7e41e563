import { lazy, type ReactElement, Suspense, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { MenuProps } from './menu';

const part = () => import('./menu');
const Menu = lazy(() => part().then((loaded) => ({ default: loaded.Menu })));

/** Fetches the menu's code before anyone reaches for it. */
export const warmMenu = (): void => void part().catch(() => undefined);

/** Says when what it holds stands on the page. */
function Arrived({ children, onArrive }: { children: ReactElement; onArrive: () => void }) {
  useLayoutEffect(onArrive, [onArrive]);
  return children;
}

/**
 * A [`Menu`](./menu.tsx) whose code is not part of the first screen: until it is there, only its control is. Who presses that
 * gets the menu as soon as it is there, and who stands on it stays there.
 */
export function MenuLater({ isOpen, onOpenChange, ...props }: MenuProps) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const early = useRef({ pressed: false, focused: false });
  // The control has the focus before the menu opens: closing it gives the focus back there.
  const catchUp = useCallback(() => {
    const { pressed, focused } = early.current;
    if (focused && document.activeElement === document.body) place.current?.querySelector('button')?.focus();
    if (pressed) setOpen(true);
  }, []);
  const pressed = () => {
    early.current.pressed = true;
  };
  return (
    <span ref={place} className="as-is">
      <Suspense
        fallback={
          <span
            className="as-is"
            onClickCapture={pressed}
            onKeyDownCapture={({ key }) => ['Enter', ' ', 'ArrowDown'].includes(key) && pressed()}
            onFocusCapture={() => {
              early.current.focused = true;
            }}
            onBlurCapture={({ relatedTarget }) => {
              early.current.focused = relatedTarget === null;
            }}
          >
            {props.children}
          </span>
        }
      >
        <Arrived onArrive={catchUp}>
          <Menu
            {...props}
            isOpen={isOpen ?? open}
            onOpenChange={(to) => {
              setOpen(to);
              onOpenChange?.(to);
            }}
          />
        </Arrived>
      </Suspense>
    </span>
  );
}
