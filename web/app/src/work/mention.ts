import { Mention } from '@tiptap/extension-mention';
import type { SuggestionProps } from '@tiptap/suggestion';
import { create } from 'zustand';

export interface Mentionable {
  id: string;
  name: string;
  kind: 'agent' | 'team';
}

interface Menu {
  items: Mentionable[];
  at: number;
  rect: DOMRect | null;
  pick: (item: Mentionable) => void;
}

/** What the editor offers after an @; none when it offers nothing. */
export const useMentionMenu = create<{ menu: Menu | null }>(() => ({ menu: null }));

/** Names that hold what was typed, those that begin with it first. */
export function findMentions(all: readonly Mentionable[], typed: string, most = 8): Mentionable[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const at = (one: Mentionable) => one.name.toLocaleLowerCase().indexOf(wanted);
  const begins = (one: Mentionable) => (at(one) === 0 || one.name.toLocaleLowerCase().includes(` ${wanted}`) ? 0 : 1);
  return all
    .filter((one) => at(one) >= 0)
    .sort((a, b) => begins(a) - begins(b) || a.name.localeCompare(b.name))
    .slice(0, most);
}

const optionId = (at: number) => `mention-${at}`;

/** Mentions of colleagues: `@` and a name, in notes only. `offered` gives null where there are none. */
export function mentions(offered: () => readonly Mentionable[] | null) {
  return Mention.extend({
    addAttributes() {
      return { id: { default: null }, label: { default: null } };
    },
    parseHTML() {
      return [
        {
          tag: 'span[data-mention]',
          getAttrs: (element) => ({ id: element.getAttribute('data-mention'), label: (element.textContent ?? '').replace(/^@/, '') }),
        },
      ];
    },
    renderHTML({ node }) {
      return ['span', { 'data-mention': node.attrs.id as string }, `@${node.attrs.label as string}`];
    },
    renderText({ node }) {
      return `@${node.attrs.label as string}`;
    },
  }).configure({
    suggestion: {
      char: '@',
      allow: () => offered() !== null,
      items: ({ query }) => findMentions(offered() ?? [], query),
      render: () => {
        const set = (props: SuggestionProps<Mentionable>, at: number) => {
          const pick = (item: Mentionable) => props.command({ id: item.id, label: item.name } as unknown as Mentionable);
          useMentionMenu.setState({ menu: props.items.length > 0 ? { items: props.items, at, rect: props.clientRect?.() ?? null, pick } : null });
          const field = props.editor.view.dom;
          if (props.items.length > 0) {
            field.setAttribute('aria-controls', 'mention-menu');
            field.setAttribute('aria-activedescendant', optionId(at));
          } else quiet(field);
        };
        const quiet = (field: HTMLElement) => {
          field.removeAttribute('aria-controls');
          field.removeAttribute('aria-activedescendant');
        };
        let now: SuggestionProps<Mentionable> | null = null;
        let at = 0;
        return {
          onStart: (props) => {
            now = props;
            at = 0;
            set(props, at);
          },
          onUpdate: (props) => {
            now = props;
            at = Math.min(at, Math.max(0, props.items.length - 1));
            set(props, at);
          },
          onKeyDown: ({ event }) => {
            if (!now || now.items.length === 0 || event.isComposing) return false;
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
            if (step !== 0) {
              at = (at + step + now.items.length) % now.items.length;
              set(now, at);
              return true;
            }
            const item = now.items[at];
            if ((event.key === 'Enter' || event.key === 'Tab') && item && !event.ctrlKey && !event.metaKey) {
              useMentionMenu.getState().menu?.pick(item);
              return true;
            }
            return false;
          },
          onExit: (props) => {
            now = null;
            quiet(props.editor.view.dom);
            useMentionMenu.setState({ menu: null });
          },
        };
      },
    },
  });
}
