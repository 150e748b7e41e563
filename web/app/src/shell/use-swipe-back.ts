import { type RefObject, useEffect, useRef } from 'react';

/** How far a finger has to go, in pixels, or how fast after half of it, in pixels per millisecond. */
const FAR = 96;
const FAST = 0.5;

/** Whether a swipe to the right that ended here goes back. */
export const goesBack = (dx: number, ms: number): boolean => dx > FAR || (dx > FAR / 2 && dx / Math.max(1, ms) > FAST);

/** Whether something under the finger scrolls sideways and is not at its beginning: then the swipe is its own. */
const isScrolled = (path: EventTarget[]): boolean => path.some((one) => one instanceof Element && one.scrollLeft > 0 && one.scrollWidth > one.clientWidth);

/** On phones: the pane follows a finger that goes to the right, and leaves when it has gone far enough. */
export function useSwipeBack(pane: RefObject<HTMLElement | null>, isOn: boolean, onBack: () => void): void {
  const back = useRef(onBack);
  back.current = onBack;
  useEffect(() => {
    const element = pane.current;
    if (!element || !isOn) return;
    let start: { x: number; y: number; at: number } | null = null;
    let dragging = false;
    const rest = () => {
      start = null;
      dragging = false;
      delete element.dataset.dragging;
      element.style.transform = '';
    };
    const begin = (event: TouchEvent) => {
      const [touch] = event.touches;
      const target = event.target instanceof Element ? event.target : null;
      const own = target?.closest('input, textarea, .comp-wrap[data-open="yes"]') || isScrolled(event.composedPath());
      if (event.touches.length !== 1 || !touch || own) return rest();
      start = { x: touch.clientX, y: touch.clientY, at: event.timeStamp };
    };
    const move = (event: TouchEvent) => {
      const [touch] = event.touches;
      if (!start || !touch) return;
      const dx = touch.clientX - start.x;
      const dy = Math.abs(touch.clientY - start.y);
      if (!dragging) {
        if (dy > 12 || dx < -12) return rest();
        if (dx < 12 || dx < 2 * dy) return;
        dragging = true;
        element.dataset.dragging = '';
      }
      element.style.transform = `translateX(${Math.max(0, dx)}px)`;
    };
    const end = (event: TouchEvent) => {
      const [touch] = event.changedTouches;
      const leaves = dragging && start && touch && goesBack(touch.clientX - start.x, event.timeStamp - start.at);
      rest();
      if (leaves) back.current();
    };
    element.addEventListener('touchstart', begin, { passive: true });
    element.addEventListener('touchmove', move, { passive: true });
    element.addEventListener('touchend', end);
    element.addEventListener('touchcancel', rest);
    return () => {
      rest();
      element.removeEventListener('touchstart', begin);
      element.removeEventListener('touchmove', move);
      element.removeEventListener('touchend', end);
      element.removeEventListener('touchcancel', rest);
    };
  }, [pane, isOn]);
}
