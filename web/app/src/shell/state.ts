import { create } from 'zustand';
import { holdTyped } from './palette-keys';

export type OpenMenu = 'status' | 'assign' | 'snooze' | 'tags' | 'priority' | null;
export type ComposerKind = 'reply' | 'note';
export type Connection = 'connecting' | 'live' | 'offline';

const stored = (key: string, otherwise: boolean): boolean => {
  const value = localStorage.getItem(`sonnim.${key}`);
  return value === null ? otherwise : value === 'yes';
};

export interface Present {
  id: string;
  name: string;
  state: 'viewing' | 'typing';
  at: number;
}

interface Shell {
  connection: Connection;
  /** The first connection was made, so a break is worth telling. */
  wasLive: boolean;
  setConnection: (connection: Connection) => void;

  palette: boolean;
  help: boolean;
  newConversation: boolean;
  menu: OpenMenu;
  /** What is typed from now on is looked for. */
  openPalette: () => void;
  set: (change: Partial<Pick<Shell, 'palette' | 'help' | 'newConversation' | 'menu'>>) => void;

  viewsOpen: boolean;
  contextOpen: boolean;
  sheetOpen: boolean;
  toggleViews: () => void;
  setContext: (open: boolean) => void;
  setSheet: (open: boolean) => void;

  /** Asks the composer to open in a mode and take the focus; `nonce` makes a repeated wish a new one. */
  compose: { kind: ComposerKind; nonce: number } | null;
  askCompose: (kind: ComposerKind) => void;
  /** Asks the composer for saved replies and macros; rises with each wish. */
  libraryWish: number;
  askLibrary: () => void;
  /** Between the wish to write and the focus in the text, keys belong to nobody: they must not run commands. */
  composePending: boolean;
  composeSettled: () => void;
  /** On phones the composer covers the page. */
  composerOpen: boolean;
  setComposerOpen: (open: boolean) => void;

  /** What is sought in the open conversation; `null` when nobody looks for anything. */
  findText: string | null;
  setFind: (text: string | null) => void;

  /** New rows that wait behind the "2 new" pill, per view. */
  waiting: Record<string, string[]>;
  addWaiting: (view: string, ids: string[]) => void;
  clearWaiting: (view: string) => void;

  /** Which colleagues look at or type in a conversation. */
  presence: Record<string, Present[]>;
  setPresence: (conversation: string, who: Present | { id: string; state: 'left' }) => void;

  /** What the list offers to shortcuts. */
  list: { ids: string[]; cursor: string | null };
  setList: (list: { ids: string[]; cursor: string | null }) => void;

  announcement: string;
  announce: (text: string) => void;
}

export const useShell = create<Shell>((set) => ({
  connection: 'connecting',
  wasLive: false,
  setConnection: (connection) => set((s) => ({ connection, wasLive: s.wasLive || connection === 'live' })),
  palette: false,
  help: false,
  newConversation: false,
  menu: null,
  set: (change) => set(change),
  openPalette: () => {
    holdTyped();
    set({ palette: true });
  },
  viewsOpen: stored('views', true),
  contextOpen: stored('context', true),
  sheetOpen: false,
  toggleViews: () =>
    set((s) => {
      localStorage.setItem('sonnim.views', s.viewsOpen ? 'no' : 'yes');
      return { viewsOpen: !s.viewsOpen };
    }),
  setContext: (contextOpen) => {
    localStorage.setItem('sonnim.context', contextOpen ? 'yes' : 'no');
    set({ contextOpen });
  },
  setSheet: (sheetOpen) => set({ sheetOpen }),
  libraryWish: 0,
  askLibrary: () => set((s) => ({ libraryWish: s.libraryWish + 1, composerOpen: true })),
  compose: null,
  askCompose: (kind) => set((s) => ({ compose: { kind, nonce: (s.compose?.nonce ?? 0) + 1 }, composerOpen: true, composePending: true })),
  composePending: false,
  composeSettled: () => set({ composePending: false }),
  composerOpen: false,
  setComposerOpen: (composerOpen) => set({ composerOpen }),
  findText: null,
  setFind: (findText) => set({ findText }),
  waiting: {},
  addWaiting: (view, ids) => set((s) => ({ waiting: { ...s.waiting, [view]: [...new Set([...(s.waiting[view] ?? []), ...ids])] } })),
  clearWaiting: (view) => set((s) => ({ waiting: { ...s.waiting, [view]: [] } })),
  presence: {},
  setPresence: (conversation, who) =>
    set((s) => {
      const others = (s.presence[conversation] ?? []).filter((one) => one.id !== who.id);
      return { presence: { ...s.presence, [conversation]: who.state === 'left' ? others : [...others, who as Present] } };
    }),
  list: { ids: [], cursor: null },
  setList: (list) => set({ list }),
  announcement: '',
  announce: (announcement) => set({ announcement }),
}));
