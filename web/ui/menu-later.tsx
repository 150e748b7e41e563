import { lazy, type ReactElement, Suspense, use, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import type { MenuGroup, MenuProps } from './menu';

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

export interface MenuOnPressProps extends Omit<MenuProps, 'groups' | 'isOpen' | 'onOpenChange'> {
  /** What is in it; asked for when it opens. */
  groups: () => readonly MenuGroup[];
  /** Of the control. */
  className: string;
  size?: 's';
  /** What is drawn in the control. */
  children: ReactElement;
}

/** A menu of which there are many on a page, and most are never opened: until then it is no more than a button. */
export function MenuOnPress({ label, groups, placement, className, size, children }: MenuOnPressProps) {
  const [loaded, setLoaded] = useState<Promise<typeof import('./menu')> | null>(null);
  const common = { className, 'data-size': size, 'aria-label': label };
  const asleep = (
    <button
      type="button"
      {...common}
      aria-haspopup="true"
      aria-expanded={false}
      onClick={() => setLoaded(part())}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        setLoaded(part());
      }}
    >
      {children}
    </button>
  );
  if (!loaded) return asleep;
  return (
    <Suspense fallback={asleep}>
      <Opened loaded={loaded} label={label} groups={groups} placement={placement}>
        <RawButton {...common} autoFocus>
          {children}
        </RawButton>
      </Opened>
    </Suspense>
  );
}

/** Opens once its control stands there and has the focus: closing gives the focus back to it. */
function Opened({ loaded, groups, ...props }: Omit<MenuProps, 'groups'> & { loaded: Promise<typeof import('./menu')>; groups: () => readonly MenuGroup[] }) {
  const { Menu } = use(loaded);
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(true), []);
  return <Menu {...props} groups={open ? groups() : []} isOpen={open} onOpenChange={setOpen} />;
}
