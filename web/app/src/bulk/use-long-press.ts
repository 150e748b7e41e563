import { type MouseEvent, type PointerEvent, useRef } from 'react';

const LONG = 450;
const SLACK = 10;

/** A touch that stays on a row picks it; the click that follows is swallowed. */
export function useLongPress(onLong: (id: string) => void, enabled: boolean) {
  const state = useRef<{ timer?: ReturnType<typeof setTimeout>; x: number; y: number; done: boolean }>({ x: 0, y: 0, done: false });
  if (!enabled) return {};
  const stop = () => {
    clearTimeout(state.current.timer);
    state.current.timer = undefined;
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      state.current.done = false;
      stop();
      if (event.pointerType !== 'touch') return;
      const row = (event.target as HTMLElement).closest<HTMLElement>('[role=option]');
      if (!row?.id.startsWith('row-')) return;
      state.current.x = event.clientX;
      state.current.y = event.clientY;
      state.current.timer = setTimeout(() => {
        state.current.done = true;
        onLong(row.id.slice(4));
      }, LONG);
    },
    onPointerMove: (event: PointerEvent) => {
      if (Math.hypot(event.clientX - state.current.x, event.clientY - state.current.y) > SLACK) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onContextMenu: (event: MouseEvent) => {
      // The browser's own menu of links would open at the same touch.
      if (state.current.done || state.current.timer !== undefined) event.preventDefault();
    },
    onClickCapture: (event: MouseEvent) => {
      if (!state.current.done) return;
      state.current.done = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
