import { Editor as Tiptap } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Code } from '@tiptap/extension-code';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Italic } from '@tiptap/extension-italic';
import { Link } from '@tiptap/extension-link';
import { BulletList, ListItem, ListKeymap, OrderedList } from '@tiptap/extension-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Text } from '@tiptap/extension-text';
import { Placeholder, UndoRedo } from '@tiptap/extensions';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { type Mentionable, mentions } from '../work/mention';

export interface EditorHandle {
  focus: () => void;
  html: () => string;
  setHtml: (html: string) => void;
  bold: () => void;
  italic: () => void;
  list: () => void;
  quote: () => void;
  link: (href: string | null) => void;
  linkNow: () => string;
}

export interface EditorProps {
  ref?: Ref<EditorHandle>;
  label: string;
  placeholder: string;
  initial: string;
  autoFocus?: boolean;
  onChange: (html: string, isEmpty: boolean) => void;
  /** Ctrl+Enter; with Shift: send and resolve. */
  onSubmit: (andResolve: boolean) => void;
  onEscape: () => void;
  onFiles: (files: File[]) => void;
  /** Whom one can name after an @; null where nobody is named. */
  mentionable?: () => readonly Mentionable[] | null;
}

/** The rich-text field, on a trimmed Tiptap: paragraphs, bold, italic, links, lists, quotes, code, with Markdown shortcuts. */
export default function Editor({ ref, label, placeholder, initial, autoFocus, onChange, onSubmit, onEscape, onFiles, mentionable }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Tiptap | null>(null);
  const calls = useRef({ onChange, onSubmit, onEscape, onFiles, placeholder, mentionable });
  calls.current = { onChange, onSubmit, onEscape, onFiles, placeholder, mentionable };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later texts come by the handle
  useEffect(() => {
    if (!place.current) return;
    const made = new Tiptap({
      element: place.current,
      injectCSS: false,
      content: initial,
      autofocus: autoFocus ? 'end' : false,
      extensions: [
        Document,
        Paragraph,
        Text,
        Bold,
        Italic,
        Code,
        HardBreak,
        Blockquote,
        BulletList,
        OrderedList,
        ListItem,
        ListKeymap,
        UndoRedo,
        Link.configure({ openOnClick: false, defaultProtocol: 'https', HTMLAttributes: { rel: 'noopener noreferrer', target: null } }),
        mentions(() => calls.current.mentionable?.() ?? null),
        Placeholder.configure({ placeholder: () => calls.current.placeholder }),
      ],
      editorProps: {
        attributes: { class: 'ed', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
        handleKeyDown: (_view, event) => {
          if (event.isComposing) return false;
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            calls.current.onSubmit(event.shiftKey);
            return true;
          }
          if (event.key === 'Escape') {
            calls.current.onEscape();
            return true;
          }
          return false;
        },
        handlePaste: (_view, event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          // Office programs put a picture of the text beside the text; then the text is meant.
          if (files.length === 0 || event.clipboardData?.types.includes('text/html')) return false;
          calls.current.onFiles(files);
          return true;
        },
        handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0,
      },
      onUpdate: ({ editor: now }) => calls.current.onChange(now.isEmpty ? '' : now.getHTML(), now.isEmpty),
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.destroy();
    };
  }, []);

  useEffect(() => {
    editor.current?.view.dom.setAttribute('aria-label', label);
    // Draws the placeholder anew.
    const now = editor.current;
    if (now) now.view.dispatch(now.state.tr.setMeta('placeholder', placeholder));
  }, [label, placeholder]);

  useImperativeHandle(ref, () => ({
    focus: () => void editor.current?.commands.focus('end'),
    html: () => (editor.current && !editor.current.isEmpty ? editor.current.getHTML() : ''),
    setHtml: (html) => void editor.current?.commands.setContent(html, { emitUpdate: false }),
    bold: () => void editor.current?.chain().focus().toggleBold().run(),
    italic: () => void editor.current?.chain().focus().toggleItalic().run(),
    list: () => void editor.current?.chain().focus().toggleBulletList().run(),
    quote: () => void editor.current?.chain().focus().toggleBlockquote().run(),
    link: (href) => {
      const chain = editor.current?.chain().focus().extendMarkRange('link');
      if (!chain || !editor.current) return;
      if (!href) chain.unsetLink().run();
      else if (editor.current.state.selection.empty && !editor.current.isActive('link'))
        chain.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }).run();
      else chain.setLink({ href }).run();
    },
    linkNow: () => (editor.current?.getAttributes('link').href as string | undefined) ?? '',
  }));

  return <div ref={place} className="comp-ed" />;
}
