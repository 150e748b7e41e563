import type { ReactElement } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import { Keys } from './keys';

/** Shows the label (and its key) of one focusable control after a short rest or on keyboard focus. */
export function Tooltip({ label, keys, children }: { label: string; keys?: string; children: ReactElement }) {
  return (
    <TooltipTrigger delay={500} closeDelay={60}>
      {children}
      <AriaTooltip className="tip" offset={6}>
        {label}
        {keys ? <Keys keys={keys} /> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
