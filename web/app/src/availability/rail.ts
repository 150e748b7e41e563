import type { MenuGroup } from '@ui';
import { create } from 'zustand';

interface RailMenu {
  /** How the reader really is; absent where nothing is routed. */
  state?: string;
  /** The same in words. */
  label?: string;
  /** What stands above the other choices of one's own menu. */
  groups: readonly MenuGroup[];
  /** What the live board is called, for those who may see it. */
  board?: string;
  /** What the visitors of the sites are called, where one may see them. */
  visitors?: string;
}

/** What routing adds to the rail. It comes after the first screen. */
export const useRailMenu = create<RailMenu>()(() => ({ groups: [] }));
