import type { Conversation } from '@api';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import type { VListHandle } from 'virtua';
import { useBulk } from '../bulk/selection';
import { useLongPress } from '../bulk/use-long-press';
import { useMay } from '../session/queries';
import { pathOf, usePlace } from '../shell/place';
import { useShell } from '../shell/state';
import { prefetchConversation } from './queries';

/** What rows and the table have in common: one tab stop, arrows and Home/End move, Enter opens, X and Shift pick. */
export function useRows(rows: readonly Conversation[], source: { view: string; q: string }, handle: RefObject<VListHandle | null> | undefined) {
  const place = usePlace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const own = useRef<VListHandle>(null);
  const virtual = handle ?? own;
  const hover = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const cursor = useShell((s) => s.list.cursor);
  const may = useMay('conversation.write');
  const picked = useBulk((s) => s.ids);
  const picking = useBulk((s) => s.picking);
  const { view, q } = source;
  // Another list is another pick.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the list is another one
  useEffect(() => useBulk.getState().clear, [view, q]);
  const setList = useShell((s) => s.setList);
  const ids = useMemo(() => rows.map((c) => c.id), [rows]);

  // Before the rows are painted: a key pressed at the sight of them already moves among them.
  useLayoutEffect(() => {
    const { cursor: before } = useShell.getState().list;
    setList({ ids, cursor: place.id ?? (before && ids.includes(before) ? before : null) });
  }, [ids, place.id, setList]);
  useEffect(() => {
    const at = cursor ? ids.indexOf(cursor) : -1;
    if (at >= 0) virtual.current?.scrollToIndex(at, { align: 'nearest' });
  }, [cursor, ids, virtual]);

  const open = useCallback(
    (id: string) => {
      document.getElementById('rows')?.focus({ preventScroll: true });
      void navigate(pathOf({ ...place, id }));
    },
    [navigate, place],
  );
  const warm = useCallback(
    (id: string) => {
      clearTimeout(hover.current);
      hover.current = setTimeout(() => prefetchConversation(client, id), 80);
    },
    [client],
  );
  const pick = useCallback(
    (id: string, range: boolean) => {
      const { cursor: from } = useShell.getState().list;
      if (range) useBulk.getState().extend(ids, from, id);
      else useBulk.getState().toggle(id);
      setList({ ids, cursor: id });
    },
    [ids, setList],
  );
  const longPress = useLongPress((id) => pick(id, false), may);
  const move = (to: number) => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, to))];
    if (id) setList({ ids, cursor: id });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor ? ids.indexOf(cursor) : -1;
    if (may && event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const to = ids[event.key === 'ArrowDown' ? at + 1 : at - 1];
      if (to) pick(to, true);
    } else if (may && (event.ctrlKey || event.metaKey) && event.key === 'a') useBulk.getState().pickAll(ids);
    else if (event.key === 'ArrowDown') move(at + 1);
    else if (event.key === 'ArrowUp') move(at <= 0 ? 0 : at - 1);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(ids.length - 1);
    else if (event.key === 'PageDown') move(at + 8);
    else if (event.key === 'PageUp') move(at - 8);
    else if ((event.key === 'Enter' || event.key === ' ') && cursor) open(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** What the scrolling element takes, whichever role it has. */
  const list = {
    ...longPress,
    'data-picking': picking || undefined,
    'aria-multiselectable': picking || undefined,
    id: 'rows',
    tabIndex: 0,
    // What is open may have come another way than through this list.
    'aria-activedescendant': cursor && ids.includes(cursor) ? `row-${cursor}` : undefined,
    onKeyDown,
    onFocus: () => cursor === null && move(0),
  };
  /** Told when the end comes near. */
  const near = (offset: number, onEnd: (() => void) | undefined) => {
    const now = virtual.current;
    if (now && now.scrollSize - offset - now.viewportSize < 800) onEnd?.();
  };
  return { place, virtual, ids, cursor, may, picked, picking, open, warm, pick, list, near };
}
