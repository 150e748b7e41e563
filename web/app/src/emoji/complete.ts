import { Extension } from '@tiptap/core';
import { PluginKey } from '@tiptap/pm/state';
import { Suggestion } from '@tiptap/suggestion';
import { create } from 'zustand';
import { type SuggestionMenu, suggestionMenu } from '../conversation/suggestion';
import { type Emoji, findEmoji, loadEmoji, rememberEmoji } from './find';

/** What the editor offers after a colon; none when it offers nothing. */
export const useEmojiMenu = create<{ menu: SuggestionMenu<Emoji> | null }>(() => ({ menu: null }));

/** So many letters are wanted: a colon stands in many a sentence. */
const LEAST = 2;

/** Emoji by a colon and the beginning of a word. */
export const emojiCompletion = (language: () => string) =>
  Extension.create({
    name: 'emoji',
    addProseMirrorPlugins() {
      return [
        Suggestion<Emoji>({
          editor: this.editor,
          pluginKey: new PluginKey('emoji'),
          char: ':',
          items: async ({ query }) => (query.trim().length < LEAST ? [] : findEmoji(await loadEmoji(language()), query, 8)),
          command: ({ editor, range, props }) => {
            rememberEmoji(props[0]);
            editor.chain().focus().insertContentAt(range, `${props[0]} `).run();
          },
          render: suggestionMenu<Emoji>(
            'emoji',
            (menu) => useEmojiMenu.setState({ menu }),
            (item) => item,
          ),
        }),
      ];
    },
  });
