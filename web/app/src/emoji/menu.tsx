import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useEmojiMenu } from './complete';

/** The emoji that fit what stands after the colon. The keyboard stays in the text. */
export function EmojiMenu() {
  const { t } = useTranslation();
  const menu = useEmojiMenu((s) => s.menu);
  if (!menu?.rect) return null;
  const { items, at, rect, pick } = menu;
  const above = rect.top > innerHeight / 2;
  const place = { left: Math.min(rect.left, innerWidth - 272), ...(above ? { bottom: innerHeight - rect.top + 6 } : { top: rect.bottom + 6 }) };
  return createPortal(
    <div id="emoji-menu" className="pop mention-menu menu" role="listbox" aria-label={t('app.emoji.label')} style={place}>
      {items.map((item, i) => (
        <div
          key={item[0]}
          id={`emoji-${i}`}
          className="opt"
          role="option"
          tabIndex={-1}
          aria-selected={i === at}
          data-focused={i === at || undefined}
          // The text keeps the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            pick(item);
          }}
        >
          <span className="emoji">{item[0]}</span>
          <span className="t1">{item[1]}</span>
        </div>
      ))}
    </div>,
    document.body,
  );
}
