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
import { EditorState } from '@tiptap/pm/state';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { emojiCompletion } from '../emoji/complete';
import { EmojiMenu } from '../emoji/menu';
import { PlaceholderMarks, selectPlaceholder } from '../library/placeholder-marks';
import { type Mentionable, mentions } from '../work/mention';
import { type PictureState, PictureUploads, picture } from './editor-picture';
import { tables } from './editor-table';
import { isPicture, ownPictures, picturesMeant } from './paste';
import { putBack, type Standing } from './put-back';

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
  /** Puts words where the cursor is, and selects what is to be filled in by hand. */
  insert: (html: string) => void;
  nextPlaceholder: () => boolean;
  /** Types a text where the cursor is. */
  type: (text: string) => void;
  /** News of the upload of a picture in the text. */
  picture: (key: string, state: PictureState) => void;
  /** The uploads that pictures in the text stand for. */
  pictures: () => string[];
  /** The text with marks where pictures are still on their way. */
  marked: () => string;
  /** Puts pictures back to where such a text had them, and says where each is now. */
  putBack: (marked: string | null, pictures: ReadonlyMap<string, File>) => ReadonlyMap<string, Standing>;
}

export interface EditorProps {
  ref?: Ref<EditorHandle>;
  label: string;
  placeholder: string;
  initial: string;
  autoFocus?: boolean;
  onChange: (html: string, isEmpty: boolean) => void;
  /** Enter alone sends, as in a chat; with Shift it begins a line. Not in a list, nor while something is offered at the cursor. */
  enterSends?: boolean;
  /** Ctrl+Enter; with Shift: send and resolve. */
  onSubmit: (andResolve: boolean) => void;
  onEscape: () => void;
  onFiles: (files: File[]) => void;
  /** `/` at the beginning of a line or after a space: saved replies and macros. */
  onSlash?: () => void;
  /** Begins to upload pictures that stand in the text, and names each upload. Without it, the text takes no pictures. */
  onPictures?: (files: File[]) => string[];
  onRetry?: (upload: string) => void;
  /** The handle can do everything from now on. */
  onReady?: () => void;
  /** Whom one can name after an @; null where nobody is named. */
  mentionable?: () => readonly Mentionable[] | null;
}

/** The rich-text field, on a trimmed Tiptap: paragraphs, bold, italic, links, lists, quotes, code, tables, pictures, with Markdown shortcuts. */
export default function Editor({
  ref,
  label,
  placeholder,
  initial,
  autoFocus,
  enterSends = false,
  onChange,
  onSubmit,
  onEscape,
  onFiles,
  onSlash,
  onPictures,
  onRetry,
  onReady,
  mentionable,
}: EditorProps) {
  const { t, i18n } = useTranslation();
  const language = useRef(i18n.language);
  language.current = i18n.language;
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Tiptap | null>(null);
  const calls = useRef({ onChange, onSubmit, onEscape, onFiles, onSlash, onPictures, onRetry, onReady, mentionable, placeholder, enterSends, t });
  calls.current = { onChange, onSubmit, onEscape, onFiles, onSlash, onPictures, onRetry, onReady, mentionable, placeholder, enterSends, t };
  const uploads = useRef<PictureUploads | null>(null);
  uploads.current ??= new PictureUploads(
    () => ({
      describe: calls.current.t('app.composer.describe'),
      failed: calls.current.t('app.composer.picture_failed'),
      retry: calls.current.t('app.broken.retry'),
    }),
    (key) => calls.current.onRetry?.(key),
    (andResolve) => calls.current.onSubmit(andResolve),
  );
  const html = () => (editor.current && !editor.current.isEmpty ? (uploads.current?.settled(editor.current.getHTML()) ?? '') : '');

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; later texts come by the handle
  useEffect(() => {
    const pictures = uploads.current;
    if (!place.current || !pictures) return;
    /** Begins an upload for each file. */
    const begin = (files: File[]): { type: 'picture'; attrs: Record<string, unknown> }[] =>
      (calls.current.onPictures?.(files) ?? []).map((upload, i) => {
        pictures.set(upload, { progress: 0, failed: false, src: null });
        return { type: 'picture', attrs: { upload, src: URL.createObjectURL(files[i] as File) } };
      });
    /** Takes files in: pictures into the text, the others beside it. */
    const take = (files: File[], at: number | null) => {
      const others = files.filter((file) => !isPicture(file));
      if (others.length > 0) calls.current.onFiles(others);
      const nodes = begin(files.filter(isPicture));
      if (nodes.length === 0) return;
      const chain = made.chain().focus();
      (at === null ? chain.insertContent(nodes) : chain.insertContentAt(at, nodes)).run();
    };
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
        picture(pictures),
        ...tables,
        UndoRedo,
        Link.configure({ openOnClick: false, defaultProtocol: 'https', HTMLAttributes: { rel: 'noopener noreferrer', target: null } }),
        PlaceholderMarks,
        mentions(() => calls.current.mentionable?.() ?? null),
        emojiCompletion(() => language.current),
        Placeholder.configure({ placeholder: () => calls.current.placeholder }),
      ],
      editorProps: {
        attributes: { class: 'ed', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
        handleKeyDown: (view, event) => {
          if (event.isComposing) return false;
          if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && calls.current.onSlash) {
            const { $from, empty } = view.state.selection;
            const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\ufffc');
            if (empty && !$from.parent.type.spec.code && /(^|\s)$/.test(before)) {
              event.preventDefault();
              calls.current.onSlash();
              return true;
            }
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            calls.current.onSubmit(event.shiftKey);
            return true;
          }
          if (event.key === 'Enter' && !event.shiftKey && !event.altKey && calls.current.enterSends) {
            const plain = view.state.selection.$from.depth === 1 && !document.querySelector('.mention-menu');
            if (plain) calls.current.onSubmit(false);
            return plain;
          }
          if (event.key === 'Escape') {
            calls.current.onEscape();
            return true;
          }
          return false;
        },
        handlePaste: (_view, event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (files.length === 0 || !picturesMeant(event.clipboardData?.getData('text/html') ?? '')) return false;
          take(files, null);
          return true;
        },
        transformPastedHTML: (pasted) =>
          ownPictures(pasted, (file) => {
            const [upload] = calls.current.onPictures?.([file]) ?? [];
            if (upload) pictures.set(upload, { progress: 0, failed: false, src: null });
            return upload ?? '';
          }),
        handleDrop: (view, event, _slice, moved) => {
          const files = [...(event.dataTransfer?.files ?? [])];
          if (moved || files.length === 0) return false;
          event.preventDefault();
          take(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null);
          return true;
        },
      },
      onUpdate: ({ editor: now }) => calls.current.onChange(html(), now.isEmpty),
    });
    editor.current = made;
    calls.current.onReady?.();
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
    html,
    setHtml: (html) => {
      editor.current?.commands.setContent(html, { emitUpdate: false });
      // A new text has no past: undo must not bring back what was sent before.
      const now = editor.current;
      now?.view.updateState(EditorState.create({ doc: now.state.doc, selection: now.state.selection, plugins: now.state.plugins }));
    },
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
    insert: (html) => {
      const now = editor.current;
      if (!now) return;
      const from = now.state.selection.from;
      // An empty line gives way to whole paragraphs.
      const line = now.state.selection.$from.parent;
      const place =
        line.content.size === 0 && line.isTextblock && now.state.selection.$from.depth > 0
          ? { from: now.state.selection.$from.before(), to: now.state.selection.$from.after() }
          : from;
      now.chain().focus().insertContentAt(place, html).run();
      selectPlaceholder(now, false);
    },
    type: (text) => void editor.current?.chain().focus().insertContent({ type: 'text', text }).run(),
    nextPlaceholder: () => (editor.current ? selectPlaceholder(editor.current) : false),
    picture: (key, state) => {
      if (uploads.current?.set(key, state) && editor.current) calls.current.onChange(html(), editor.current.isEmpty);
    },
    pictures: () => {
      const keys: string[] = [];
      editor.current?.state.doc.descendants((node) => {
        if (node.type.name === 'picture' && node.attrs.upload) keys.push(node.attrs.upload as string);
      });
      return keys;
    },
    marked: () => (editor.current && uploads.current?.settled(editor.current.getHTML(), true)) || '',
    putBack: (marked, pictures) => {
      const { html: text, standing } = putBack(marked, html(), [...pictures.keys()]);
      const now = editor.current;
      if (now && text !== null) {
        for (const [key, file] of pictures) uploads.current?.begin(key, file);
        now.commands.setContent(text, { emitUpdate: false });
        if (now.isFocused) now.commands.focus('end');
      }
      return standing;
    },
    linkNow: () => (editor.current?.getAttributes('link').href as string | undefined) ?? '',
  }));

  return (
    <>
      <div ref={place} className="comp-ed" />
      <EmojiMenu />
    </>
  );
}
