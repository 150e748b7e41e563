import { type Editor, Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { findPlaceholders } from './placeholders';

function places(doc: Node): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    // One text per block, so that bold inside the brackets does not hide them; what is no text counts as one character.
    const text = node.textBetween(0, node.content.size, undefined, '\ufffc');
    for (const one of findPlaceholders(text)) found.push({ from: at + 1 + one.from, to: at + 1 + one.to });
    return false;
  });
  return found;
}

/** Selects the next `[[ placeholder ]]` after the cursor, else the first. False when there is none. */
export function selectPlaceholder(editor: Editor, after = true): boolean {
  const all = places(editor.state.doc);
  const next = (after ? all.find((one) => one.from >= editor.state.selection.to) : undefined) ?? all[0];
  if (!next) return false;
  editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, next.from, next.to)).scrollIntoView());
  editor.view.focus();
  return true;
}

/** Marks what is to be finished by hand; Tab goes from one to the next. */
export const PlaceholderMarks = Extension.create({
  name: 'placeholderMarks',
  addKeyboardShortcuts() {
    return { Tab: () => !this.editor.isActive('listItem') && selectPlaceholder(this.editor) };
  },
  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          decorations: (state) =>
            DecorationSet.create(
              state.doc,
              places(state.doc).map((one) => Decoration.inline(one.from, one.to, { class: 'todo' })),
            ),
        },
      }),
    ];
  },
});
