import { callOrReturn, getExtensionField, Node } from '@tiptap/core';
import { addRowAfter, deleteTable, goToNextCell, isInTable, tableEditing } from '@tiptap/pm/tables';

declare module '@tiptap/core' {
  interface NodeConfig<Options, Storage> {
    /** What ProseMirror's tables take a node for. */
    tableRole?: string;
  }
}

const span = (name: 'colspan' | 'rowspan') => ({
  default: 1,
  parseHTML: (element: HTMLElement) => Math.min(100, Math.max(1, Number(element.getAttribute(name)) || 1)),
  renderHTML: (attrs: Record<string, unknown>) => (attrs[name] === 1 ? {} : { [name]: attrs[name] }),
});
const cell = (name: string, tag: 'td' | 'th', tableRole: string) =>
  Node.create({
    name,
    content: 'block+',
    tableRole,
    isolating: true,
    addAttributes: () => ({ colspan: span('colspan'), rowspan: span('rowspan'), colwidth: { default: null, rendered: false, parseHTML: () => null } }),
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });

/** Tables as they come by paste, with the lines that mail programs draw. Tab goes through the cells and makes a row at the end. */
export const tables = [
  Node.create({
    name: 'table',
    group: 'block',
    content: 'tableRow+',
    tableRole: 'table',
    isolating: true,
    parseHTML: () => [{ tag: 'table' }],
    renderHTML: () => ['table', { border: '1', cellpadding: '6', cellspacing: '0' }, ['tbody', 0]],
    addProseMirrorPlugins: () => [tableEditing()],
    extendNodeSchema: (extension) => ({
      tableRole: callOrReturn(getExtensionField(extension, 'tableRole', { name: extension.name, options: extension.options, storage: extension.storage })),
    }),
    addKeyboardShortcuts() {
      const run = (command: typeof deleteTable) => command(this.editor.state, this.editor.view.dispatch);
      return {
        Tab: () => isInTable(this.editor.state) && (run(goToNextCell(1)) || (run(addRowAfter) && run(goToNextCell(1)))),
        'Shift-Tab': () => isInTable(this.editor.state) && run(goToNextCell(-1)),
        'Mod-Backspace': () => isInTable(this.editor.state) && run(deleteTable),
      };
    },
  }),
  Node.create({
    name: 'tableRow',
    content: '(tableCell | tableHeader)*',
    tableRole: 'row',
    parseHTML: () => [{ tag: 'tr' }],
    renderHTML: () => ['tr', 0],
  }),
  cell('tableCell', 'td', 'cell'),
  cell('tableHeader', 'th', 'header_cell'),
];
