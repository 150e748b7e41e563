import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Icon, type IconName } from './icon';

export type ChipTone = 'grey' | 'plain' | 'line' | 'ok' | 'warn' | 'bad' | 'info' | 'accent' | 'late' | 'note';

export interface ChipProps {
  tone?: ChipTone;
  size?: 's' | 'm';
  icon?: IconName;
  children: ReactNode;
  title?: string;
  /** With a label, the chip gets a cross that calls `onRemove`. */
  removeLabel?: string;
  onRemove?: () => void;
}

/** A value in a few words. */
export function Chip({ tone = 'grey', size = 's', icon, children, title, removeLabel, onRemove }: ChipProps) {
  return (
    <span className="chip" data-tone={tone} data-size={size} title={title}>
      {icon ? <Icon name={icon} size={12} /> : null}
      <span className="t1">{children}</span>
      {onRemove ? (
        <AriaButton className="chip-x" aria-label={removeLabel} onPress={onRemove}>
          <Icon name="x" size={12} />
        </AriaButton>
      ) : null}
    </span>
  );
}

export interface ChipButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  tone?: ChipTone;
  icon?: IconName;
  caret?: boolean;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A chip that opens something. */
export function ChipButton({ tone = 'grey', icon, caret, children, ...rest }: ChipButtonProps) {
  return (
    <AriaButton {...rest} className="chip" data-tone={tone} data-size="m">
      {icon ? <Icon name={icon} size={14} /> : null}
      {children}
      {caret ? <Icon name="down" size={14} /> : null}
    </AriaButton>
  );
}

export type TagColor = 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'pink';

/** The small square in front of a tag's word. */
export function TagSquare({ color }: { color: TagColor }) {
  return <span className="tagsq" data-color={color} aria-hidden="true" />;
}

/** A count. */
export function Badge({ children, tone }: { children: ReactNode; tone?: 'quiet' | 'bad' }) {
  return (
    <span className="badge" data-tone={tone}>
      {children}
    </span>
  );
}
