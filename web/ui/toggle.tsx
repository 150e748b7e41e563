import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
  Switch as AriaSwitch,
  type SwitchProps as AriaSwitchProps,
} from 'react-aria-components';
import { Icon } from './icon';

/** A box to tick, with its words (and a hint) beside it. */
export function Checkbox({ children, hint, ...rest }: Omit<AriaCheckboxProps, 'className' | 'children'> & { children: ReactNode; hint?: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className="check">
      {({ isSelected }) => (
        <>
          <span className="box">{isSelected ? <Icon name="check" size={14} /> : null}</span>
          <span>
            {children}
            {hint ? <span className="hint">{hint}</span> : null}
          </span>
        </>
      )}
    </AriaCheckbox>
  );
}

/** On or off, at once. */
export function Switch({ children, ...rest }: Omit<AriaSwitchProps, 'className' | 'children'> & { children?: ReactNode }) {
  return (
    <AriaSwitch {...rest} className="check">
      <span className="switch" />
      {children ? <span>{children}</span> : null}
    </AriaSwitch>
  );
}
