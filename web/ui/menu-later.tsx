import { lazy, Suspense } from 'react';
import type { MenuProps } from './menu';

const part = () => import('./menu');
const Menu = lazy(() => part().then((loaded) => ({ default: loaded.Menu })));

/** Fetches the menu's code before anyone reaches for it. */
export const warmMenu = (): void => void part().catch(() => undefined);

/** A [`Menu`](./menu.tsx) whose code is not part of the first screen: until it is there, only its control is. */
export function MenuLater(props: MenuProps) {
  return (
    <Suspense fallback={props.children}>
      <Menu {...props} />
    </Suspense>
  );
}
