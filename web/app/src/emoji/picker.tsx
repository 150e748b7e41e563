import { Icon } from '@ui';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { type Emoji, findEmoji, loadEmoji, recentEmoji, rememberEmoji } from './find';

const SHOWN = 240;

/** Every emoji by a few letters; what was taken last stands first. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t, i18n } = useTranslation();
  const [all, setAll] = useState<readonly Emoji[] | null>(null);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text);
  useEffect(() => {
    let here = true;
    loadEmoji(i18n.language).then(
      (found) => here && setAll(found),
      () => here && setAll([]),
    );
    return () => {
      here = false;
    };
  }, [i18n.language]);
  const items = useMemo(() => {
    if (!all) return [];
    if (wanted.trim()) return findEmoji(all, wanted, SHOWN);
    const recent = recentEmoji();
    const first = recent.flatMap((emoji) => all.find((one) => one[0] === emoji) ?? []);
    return [...first, ...all.filter((one) => !recent.includes(one[0]))].slice(0, SHOWN);
  }, [all, wanted]);
  const pick = (emoji: string) => {
    rememberEmoji(emoji);
    onPick(emoji);
  };
  return (
    <div className="emoji-pick">
      <Autocomplete inputValue={text} onInputChange={setText}>
        <SearchField aria-label={t('app.emoji.find')} autoFocus className="menu-find">
          <div className="input">
            <Icon name="search" />
            <Input placeholder={t('app.emoji.find')} />
          </div>
        </SearchField>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
        <div className="emoji-scroll" tabIndex={0}>
          <ListBox
            className="emoji-grid"
            layout="grid"
            aria-label={t('app.emoji.label')}
            items={items.map((one) => ({ id: one[0], name: one[1] }))}
            onAction={(key) => pick(String(key))}
            renderEmptyState={() => (all ? <div className="opt faint">{t('app.emoji.none')}</div> : null)}
          >
            {(one) => (
              <ListBoxItem id={one.id} textValue={one.name} aria-label={one.name} className="emoji-one">
                <span title={one.name}>{one.id}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </div>
      </Autocomplete>
    </div>
  );
}
