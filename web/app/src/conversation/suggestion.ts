import type { SuggestionProps } from '@tiptap/suggestion';

/** What the editor offers at the cursor. */
export interface SuggestionMenu<T> {
  items: T[];
  at: number;
  rect: DOMRect | null;
  pick: (item: T) => void;
}

/**
 * Leads a menu at the cursor by the keyboard, while the focus stays in the text. `id` names the menu and, with a number, its
 * options; `args` is what the editor's command gets for a picked item.
 */
export function suggestionMenu<T>(id: string, show: (menu: SuggestionMenu<T> | null) => void, args: (item: T) => unknown) {
  return () => {
    const quiet = (field: HTMLElement) => {
      field.removeAttribute('aria-controls');
      field.removeAttribute('aria-activedescendant');
    };
    let now: SuggestionProps<T> | null = null;
    let at = 0;
    let pick: (item: T) => void = () => undefined;
    const set = (props: SuggestionProps<T>) => {
      pick = (item) => props.command(args(item) as T);
      const some = props.items.length > 0;
      show(some ? { items: props.items, at, rect: props.clientRect?.() ?? null, pick } : null);
      const field = props.editor.view.dom;
      if (some) {
        field.setAttribute('aria-controls', `${id}-menu`);
        field.setAttribute('aria-activedescendant', `${id}-${at}`);
      } else quiet(field);
    };
    return {
      onStart: (props: SuggestionProps<T>) => {
        now = props;
        at = 0;
        set(props);
      },
      onUpdate: (props: SuggestionProps<T>) => {
        now = props;
        at = Math.min(at, Math.max(0, props.items.length - 1));
        set(props);
      },
      onKeyDown: ({ event }: { event: KeyboardEvent }) => {
        if (!now || now.items.length === 0 || event.isComposing) return false;
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step !== 0) {
          at = (at + step + now.items.length) % now.items.length;
          set(now);
          return true;
        }
        const item = now.items[at];
        if ((event.key === 'Enter' || event.key === 'Tab') && item && !event.ctrlKey && !event.metaKey) {
          pick(item);
          return true;
        }
        return false;
      },
      onExit: (props: SuggestionProps<T>) => {
        now = null;
        quiet(props.editor.view.dom);
        show(null);
      },
    };
  };
}
