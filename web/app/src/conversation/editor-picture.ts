import { Node } from '@tiptap/core';
import type { Node as ProseNode } from '@tiptap/pm/model';
import type { EditorView } from '@tiptap/pm/view';

/** Pictures as wide as this fit every mail program; wider ones are told to shrink. */
const WIDEST = 600;

/** How far a picture's upload has come. */
export interface PictureState {
  progress: number;
  failed: boolean;
  /** Its place once it is on the server. */
  src: string | null;
}

export interface PictureWords {
  describe: string;
  failed: string;
  retry: string;
}

/** What the pictures in one editor need to know of the world around it. */
export class PictureUploads {
  #states = new Map<string, PictureState>();
  #looks = new Map<string, string>();
  #views = new Map<string, Set<(state: PictureState) => void>>();
  constructor(
    readonly words: () => PictureWords,
    readonly retry: (key: string) => void,
    /** Ctrl+Enter sends from the description as well. */
    readonly submit: (andResolve: boolean) => void = () => undefined,
  ) {}

  /** An upload that a mark in a text stands for, and what it looks like until it is there. */
  begin(key: string, file: File): void {
    this.#states.set(key, { progress: 0, failed: false, src: null });
    this.#looks.set(key, URL.createObjectURL(file));
  }
  lookOf(key: string): string {
    return this.#looks.get(key) ?? '';
  }
  /** Takes news of an upload. True when it made the written text complete. */
  set(key: string, state: PictureState): boolean {
    const before = this.#states.get(key);
    this.#states.set(key, state);
    for (const view of this.#views.get(key) ?? []) view(state);
    return state.src !== null && before?.src !== state.src;
  }
  get(key: string): PictureState | undefined {
    return this.#states.get(key);
  }
  watch(key: string, view: (state: PictureState) => void): () => void {
    const views = this.#views.get(key) ?? new Set();
    this.#views.set(key, views.add(view));
    const now = this.#states.get(key);
    if (now) view(now);
    return () => views.delete(view);
  }
  /** The HTML as it may leave: pictures on the server by their place there, the others left out, or as marks, for this device alone. */
  settled(html: string, marks = false): string {
    return html.replace(/<img\b[^>]*\bdata-upload="([^"]*)"[^>]*>/g, (tag, key: string) => {
      const src = this.#states.get(key)?.src;
      if (!src) return marks ? tag.replace(/ src="[^"]*"/, '') : '';
      return tag.replace(/ data-upload="[^"]*"/, '').replace(/ src="[^"]*"/, ` src="${src}"`);
    });
  }
}

const OWN = /^\/api\/v1\/attachments\/[a-z0-9_]+(\?inline=1)?$/;

/** A picture in the text: one of our own attachments, or one on its way there. Pictures from elsewhere are not taken over. */
export const picture = (uploads: PictureUploads) =>
  Node.create({
    name: 'picture',
    group: 'inline',
    inline: true,
    atom: true,
    draggable: true,
    addAttributes: () => ({
      src: { default: '' },
      alt: { default: '' },
      width: { default: null },
      upload: {
        default: null,
        parseHTML: (element: HTMLElement) => element.getAttribute('data-upload'),
        renderHTML: ({ upload }: { upload: string | null }) => (upload ? { 'data-upload': upload } : {}),
      },
    }),
    parseHTML: () => [
      { tag: 'img[data-upload]', getAttrs: (element) => (uploads.get(element.getAttribute('data-upload') ?? '') ? {} : false) },
      { tag: 'img[src]', getAttrs: (element) => (OWN.test(element.getAttribute('src') ?? '') ? {} : false) },
    ],
    renderHTML: ({ HTMLAttributes: { width, ...rest } }) => ['img', width ? { ...rest, width } : rest],
    addNodeView:
      () =>
      ({ node, view, getPos }) =>
        new PictureView(node, view, getPos, uploads),
  });

class PictureView {
  readonly dom = document.createElement('span');
  #img = document.createElement('img');
  #alt = document.createElement('input');
  #unwatch: () => void = () => undefined;

  constructor(
    private node: ProseNode,
    private readonly view: EditorView,
    private readonly place: () => number | undefined,
    uploads: PictureUploads,
  ) {
    const words = uploads.words();
    const { src, alt, upload } = node.attrs as { src: string; alt: string; upload: string | null };
    this.dom.className = 'pic';
    this.dom.contentEditable = 'false';
    this.#img.src = src || uploads.lookOf(upload ?? '');
    this.#img.alt = alt;
    this.#img.draggable = false;
    this.#img.onload = () => {
      if (this.#img.naturalWidth > WIDEST && !this.node.attrs.width) this.#change({ width: WIDEST }, false);
    };
    this.#alt.className = 'pic-alt';
    this.#alt.value = alt;
    this.#alt.placeholder = words.describe;
    this.#alt.setAttribute('aria-label', words.describe);
    this.#alt.maxLength = 300;
    this.#alt.addEventListener('input', () => this.#change({ alt: this.#alt.value }, true));
    this.#alt.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      view.focus();
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) uploads.submit(event.shiftKey);
    });
    this.dom.append(this.#img, this.#alt);
    if (upload) this.#follow(upload, uploads, words);
  }

  #follow(upload: string, uploads: PictureUploads, words: PictureWords): void {
    const bar = document.createElement('progress');
    bar.className = 'pic-bar';
    bar.max = 1;
    const again = document.createElement('button');
    again.type = 'button';
    again.className = 'btn';
    again.dataset.size = 's';
    again.textContent = `${words.failed} ${words.retry}`;
    again.addEventListener('click', () => uploads.retry(upload));
    this.#unwatch = uploads.watch(upload, ({ progress, failed, src }) => {
      bar.remove();
      again.remove();
      this.dom.dataset.state = failed ? 'failed' : src ? 'here' : 'way';
      if (failed) this.dom.append(again);
      else if (!src) {
        bar.value = progress;
        bar.setAttribute('aria-label', this.#alt.value || words.describe);
        this.dom.append(bar);
      }
    });
  }

  #change(attrs: Record<string, unknown>, inHistory: boolean): void {
    const at = this.place();
    if (at === undefined) return;
    let tr = this.view.state.tr;
    for (const [name, value] of Object.entries(attrs)) tr = tr.setNodeAttribute(at, name, value);
    this.view.dispatch(tr.setMeta('addToHistory', inHistory));
  }

  update(node: ProseNode): boolean {
    if (node.type !== this.node.type || node.attrs.src !== this.node.attrs.src || node.attrs.upload !== this.node.attrs.upload) return false;
    this.node = node;
    const alt = node.attrs.alt as string;
    this.#img.alt = alt;
    if (this.#alt.value !== alt) this.#alt.value = alt;
    return true;
  }
  selectNode(): void {
    this.dom.dataset.selected = '';
  }
  deselectNode(): void {
    delete this.dom.dataset.selected;
  }
  stopEvent(event: Event): boolean {
    return event.target !== this.#img && event.target !== this.dom;
  }
  ignoreMutation(): boolean {
    return true;
  }
  destroy(): void {
    this.#unwatch();
  }
}
