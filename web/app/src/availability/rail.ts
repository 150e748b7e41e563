import type { IconName, MenuGroup } from '@ui';
import { create } from 'zustand';

/** A page that not everybody has. */
export interface Place {
  to: string;
  icon: IconName;
  label: string;
  keys?: string;
}

interface RailMenu {
  /** How the reader really is; absent where nothing is routed. */
  state?: string;
  /** The same in words. */
  label?: string;
  /** What routing puts into one's own menu. */
  routed: readonly MenuGroup[];
  /** What stands above the other choices of one's own menu: on a phone the places that its rail has no room for, then `routed`. */
  groups: readonly MenuGroup[];
  /** The places of those who may see them. */
  places: readonly Place[];
  /** One is at a place that stands in one's own menu. */
  here?: true;
  /** What the live board is called, for those who may see it. */
  board?: string;
  /** What the visitors of the sites are called, where one may see them. */
  visitors?: string;
}

/** What routing adds to the rail. It comes after the first screen. */
export const useRailMenu = create<RailMenu>()(() => ({ routed: [], groups: [], places: [] }));
