import { useEffect, useRef, useState } from 'preact/hooks';
import { type Emoji, findEmoji, loadEmoji } from '../../../app/src/emoji/find';
import { language, t } from './words';

/** Emoji with their names in the visitor's language. Comes with its list when it is first wanted. */
export function EmojiPicker({ onPick, onClose }: { onPick: (emoji: string) => void; onClose: () => void }) {
  const [all, setAll] = useState<readonly Emoji[]>([]);
  const [query, setQuery] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    loadEmoji(language()).then(setAll, onClose);
  }, [onClose]);
  const found = findEmoji(all, query, 160);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    const keys = [...(grid.current?.querySelectorAll('button') ?? [])];
    const at = keys.indexOf(document.activeElement as HTMLButtonElement);
    if (!by || keys.length === 0) return;
    event.preventDefault();
    keys[Math.min(keys.length - 1, Math.max(0, at + by))]?.focus();
  };
  return (
    <div
      class="emoji"
      role="dialog"
      aria-label={t('emoji')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
          document.getElementById('emoji')?.focus();
        }
      }}
    >
      <input
        type="search"
        placeholder={t('emoji_find')}
        aria-label={t('emoji_find')}
        value={query}
        ref={(element) => {
          if (element && document.activeElement?.closest('.emoji') === null) element.focus();
        }}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            grid.current?.querySelector('button')?.focus();
          } else if (event.key === 'Enter' && found[0]) onPick(found[0][0]);
        }}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move among the buttons inside */}
      <div class="grid" ref={grid} onKeyDown={move}>
        {found.map(([emoji, name], i) => (
          <button type="button" key={emoji} aria-label={name} title={name} tabIndex={i === 0 ? 0 : -1} onClick={() => onPick(emoji)}>
            {emoji}
          </button>
        ))}
        {all.length > 0 && found.length === 0 && <p class="dim">{t('emoji_none')}</p>}
      </div>
    </div>
  );
}
