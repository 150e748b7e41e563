import { Mention } from '@tiptap/extension-mention';
import { create } from 'zustand';
import { type SuggestionMenu, suggestionMenu } from '../conversation/suggestion';

export interface Mentionable {
  id: string;
  name: string;
  kind: 'agent' | 'team';
}

/** What the editor offers after an @; none when it offers nothing. */
export const useMentionMenu = create<{ menu: SuggestionMenu<Mentionable> | null }>(() => ({ menu: null }));

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
      render: suggestionMenu<Mentionable>(
        'mention',
        (menu) => useMentionMenu.setState({ menu }),
        (item) => ({ id: item.id, label: item.name }),
      ),
    },
  });
}
