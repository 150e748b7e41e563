import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Icon, type IconName } from './icon';
import { Keys } from './keys';
import { tip } from './tip';

export type ButtonKind = 'plain' | 'primary' | 'note' | 'danger' | 'quiet' | 'link';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style'> {
  kind?: ButtonKind;
  size?: 's' | 'm' | 'l';
  icon?: IconName;
  iconAfter?: IconName;
  /** A shortcut drawn inside the button, for example `Ctrl+Enter`. */
  keys?: string;
  children?: ReactNode;
}

/**
 * A labelled button. While `isPending` it keeps its width and focus, shows a turning ring and takes no press. React Aria's own
 * pending would leave a nameless picture in its announcer.
 */
export function Button({ kind = 'plain', size = 'm', icon, iconAfter, keys, children, isPending, ...rest }: ButtonProps) {
  const waits = isPending ? { type: 'button' as const, onPress: undefined, 'aria-disabled': true, 'data-pending': true } : {};
  return (
    <AriaButton {...rest} {...waits} className="btn" data-kind={kind} data-size={size}>
      {isPending ? <Icon name="busy" size={14} className="spin" /> : icon ? <Icon name={icon} size={size === 's' ? 14 : 16} /> : null}
      {children}
      {keys ? <Keys keys={keys} joined /> : null}
      {iconAfter ? <Icon name={iconAfter} size={14} /> : null}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'style' | 'aria-label'> {
  icon: IconName;
  /** Spoken name and tooltip. */
  label: string;
  keys?: string;
  size?: 's' | 'm';
  iconSize?: number;
  isOn?: boolean;
  tip?: boolean;
}

/** A button that is only an icon; its label is always there as tooltip and for screen readers. */
export function IconButton({ icon, label, keys, size = 'm', iconSize, isOn, tip: says = true, ...rest }: IconButtonProps) {
  return (
    <AriaButton
      {...rest}
      {...(says ? tip(label, keys) : {})}
      className="ib"
      data-size={size}
      aria-label={label}
      {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
    >
      <Icon name={icon} size={iconSize ?? (size === 's' ? 16 : 18)} />
    </AriaButton>
  );
}
