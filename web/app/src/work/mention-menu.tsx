import { Avatar, Icon } from '@ui';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useMentionMenu } from './mention';

/** The names that fit what stands after the @. The keyboard stays in the text. */
export function MentionMenu() {
  const { t } = useTranslation();
  const menu = useMentionMenu((s) => s.menu);
  if (!menu?.rect) return null;
  const { items, at, rect, pick } = menu;
  const above = rect.top > innerHeight / 2;
  const place = { left: Math.min(rect.left, innerWidth - 272), ...(above ? { bottom: innerHeight - rect.top + 6 } : { top: rect.bottom + 6 }) };
  return createPortal(
    <div id="mention-menu" className="pop mention-menu menu" role="listbox" aria-label={t('work.mention.label')} style={place}>
      {items.map((item, i) => (
        <div
          key={item.id}
          id={`mention-${i}`}
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
          {item.kind === 'team' ? <Icon name="people" /> : <Avatar name={item.name} seed={item.id} size={20} />}
          <span className="t1">{item.name}</span>
          {item.kind === 'team' ? <span className="end">{t('work.mention.team')}</span> : null}
        </div>
      ))}
    </div>,
    document.body,
  );
}
