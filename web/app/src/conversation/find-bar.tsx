import { IconButton } from '@ui';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShell } from '../shell/state';
import { findIn } from './find';

const paint = (name: string, ranges: Range[]): void => {
  if (!('highlights' in CSS)) return;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
};

/** Finds words in a conversation, from the newest to the oldest; what is not loaded yet is loaded while one looks. */
export function FindBar({ scroller, onOlder, isFetching }: { scroller: RefObject<HTMLElement | null>; onOlder?: () => void; isFetching: boolean }) {
  const { t } = useTranslation();
  const findText = useShell((s) => s.findText);
  const { setFind } = useShell.getState();
  const field = useRef<HTMLInputElement>(null);
  const [hits, setHits] = useState<Range[]>([]);
  // Counted from the newest, so that older messages that arrive change nothing.
  const [at, setAt] = useState(0);
  const words = findText ?? '';
  const sought = words.trim();

  useEffect(() => field.current?.select(), []);
  useEffect(() => {
    if (sought && onOlder && !isFetching) onOlder();
  }, [sought, onOlder, isFetching]);

  const look = useCallback(() => {
    const bodies = [...(scroller.current?.querySelectorAll('article.msg .txt') ?? [])];
    setHits(sought ? bodies.flatMap((body) => findIn(body, sought)) : []);
  }, [scroller, sought]);
  useEffect(() => {
    const inner = scroller.current?.firstElementChild;
    if (!inner) return;
    let frame = requestAnimationFrame(look);
    // Messages come, quotes unfold, pictures arrive.
    const again = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    const sizes = new ResizeObserver(again);
    const nodes = new MutationObserver(again);
    sizes.observe(inner);
    nodes.observe(inner, { childList: true, subtree: true });
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      nodes.disconnect();
    };
  }, [look, scroller]);

  const now = hits.at(-1 - Math.min(at, hits.length - 1));
  useEffect(() => {
    paint('found', hits);
    paint('found-now', now ? [now] : []);
  }, [hits, now]);
  useEffect(
    () => () => {
      paint('found', []);
      paint('found-now', []);
    },
    [],
  );
  const show = useRef('');
  useEffect(() => {
    const box = scroller.current;
    // Once per step: what arrives meanwhile must not pull the reader back.
    const step = `${sought}:${at}`;
    if (!box || !now || show.current === step) return;
    show.current = step;
    const { top, height } = now.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (top < frame.top + 60 || top + height > frame.bottom - 20) box.scrollTop += top - frame.top - frame.height / 3;
  }, [now, at, sought, scroller]);

  const move = (by: number) => hits.length > 0 && setAt((Math.min(at, hits.length - 1) + by + hits.length) % hits.length);
  const close = () => {
    setFind(null);
    document.getElementById('main')?.focus();
  };
  return (
    <search className="findbar" aria-label={t('app.find.label')}>
      <input
        ref={field}
        type="text"
        aria-label={t('app.find.label')}
        placeholder={t('app.find.label')}
        value={words}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setFind(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') close();
          else if (event.key === 'Enter') move(event.shiftKey ? -1 : 1);
          else if (event.key === 'ArrowUp') move(1);
          else if (event.key === 'ArrowDown') move(-1);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <output aria-live="polite">
        {!sought
          ? null
          : hits.length > 0
            ? t('app.find.of', { n: Math.min(at, hits.length - 1) + 1, total: hits.length })
            : isFetching || onOlder
              ? t('app.find.looking')
              : t('app.find.none')}
      </output>
      <IconButton icon="up" size="s" label={t('app.find.earlier')} isDisabled={hits.length === 0} onPress={() => move(1)} />
      <IconButton icon="down" size="s" label={t('app.find.later')} isDisabled={hits.length === 0} onPress={() => move(-1)} />
      <IconButton icon="x" size="s" label={t('app.close')} onPress={close} />
    </search>
  );
}
