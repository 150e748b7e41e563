import { create } from 'zustand';

/** What a customer writes just now. */
export interface Typing {
  /** Null where the inbox does not show it before it is sent. */
  text: string | null;
  at: number;
}

interface Signs {
  typing: Record<string, Typing>;
  hear: (conversation: string, typing: boolean, text: string | null) => void;
}

/** A customer who gave no sign for so long does not write any more, in ms. */
const SILENCE = 8_000;

/** Signs of customers in the widget: told by the stream, kept nowhere else. */
export const useSigns = create<Signs>((set, get) => ({
  typing: {},
  hear: (conversation, typing, text) => {
    const at = Date.now();
    const { [conversation]: _before, ...others } = get().typing;
    set({ typing: typing ? { ...others, [conversation]: { text, at } } : others });
    if (typing)
      setTimeout(() => {
        if (get().typing[conversation]?.at === at) get().hear(conversation, false, null);
      }, SILENCE);
  },
}));
