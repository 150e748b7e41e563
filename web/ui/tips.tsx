import { useEffect, useMemo, useRef, useState } from 'react';
import { Tooltip, TooltipTriggerStateContext } from 'react-aria-components';
import { Keys } from './keys';

/** A rest that says one wants to know, in ms. */
const REST = 500;
/** From one control to the next it goes without a rest. */
const WARM = 300;
/** The way from the control to its words, which may be read with the pointer on them. */
const AWAY = 60;

interface Shown {
  label: string;
  keys: string | null;
}

/** One for the whole page: shows what `tip()` says of the control that the pointer rests on or the keyboard came to. */
export default function Tips() {
  const control = useRef<HTMLElement | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  /** Hides it after a while, or with none not at all. */
  const leave = useRef<(after?: number) => void>(() => undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hiddenAt = Number.NEGATIVE_INFINITY;
    const hide = () => {
      clearTimeout(timer);
      if (control.current) hiddenAt = performance.now();
      control.current = null;
      setShown(null);
    };
    const show = (element: HTMLElement) => {
      control.current = element;
      setShown({ label: element.dataset.tip ?? '', keys: element.dataset.tipKeys ?? null });
      // A control can go without a word to the pointer or the keyboard.
      const look = () => {
        if (control.current !== element) return;
        if (element.isConnected) timer = setTimeout(look, 250);
        else hide();
      };
      look();
    };
    const of = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null);
    leave.current = (after) => {
      clearTimeout(timer);
      if (after !== undefined) timer = setTimeout(hide, after);
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return;
      const element = of(event.target);
      if (element && element === control.current) return leave.current();
      if (event.target instanceof Element && event.target.closest('.tip')) return;
      clearTimeout(timer);
      if (element) timer = setTimeout(show, control.current || performance.now() - hiddenAt < WARM ? 0 : REST, element);
      else if (control.current) timer = setTimeout(hide, AWAY);
    };
    const focused = (event: FocusEvent) => {
      const element = of(event.target);
      if (element?.matches(':focus-visible')) show(element);
    };
    const key = (event: KeyboardEvent) => event.key === 'Escape' && hide();
    const on: [string, EventListener][] = [
      ['pointerover', over as EventListener],
      ['pointerdown', hide],
      ['focusin', focused as EventListener],
      ['focusout', hide],
      ['keydown', key as EventListener],
      ['scroll', hide],
    ];
    for (const [name, listener] of on) document.addEventListener(name, listener, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of on) document.removeEventListener(name, listener, { capture: true });
    };
  }, []);
  const state = useMemo(
    () => ({ isOpen: true, shouldSkipAnimation: false, open: () => leave.current(), close: (now?: boolean) => leave.current(now ? 0 : AWAY) }),
    [],
  );
  if (!shown) return null;
  return (
    <TooltipTriggerStateContext value={state}>
      <Tooltip className="tip" offset={6} triggerRef={control} key={shown.label}>
        {shown.label}
        {shown.keys ? <Keys keys={shown.keys} /> : null}
      </Tooltip>
    </TooltipTriggerStateContext>
  );
}
