import type { ReactNode } from 'react';
import { Select as AriaSelect, FieldError, Label, ListBox, ListBoxItem, Popover, Button as RawButton, SelectValue, Text } from 'react-aria-components';
import { ErrorLine } from './error-line';
import { Icon, type IconName } from './icon';

export interface Choice<T extends string = string> {
  id: T;
  label: string;
  icon?: IconName;
  hint?: string;
}

export interface SelectProps<T extends string> {
  label: string;
  hideLabel?: boolean;
  value: T | null;
  onChange: (value: T) => void;
  items: readonly Choice<T>[];
  placeholder?: string;
  hint?: ReactNode;
  error?: string | null;
  isDisabled?: boolean;
}

/** One of a short list. */
export function Select<T extends string>({ label, hideLabel, value, onChange, items, placeholder, hint, error, isDisabled }: SelectProps<T>) {
  return (
    <AriaSelect
      className="field"
      value={value}
      onChange={(key) => key !== null && onChange(key as T)}
      placeholder={placeholder}
      isInvalid={Boolean(error)}
      isDisabled={isDisabled}
    >
      <Label className={hideLabel ? 'sr' : 'label'}>{label}</Label>
      <RawButton className="input">
        <SelectValue className="grow t1">{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue>
        <Icon name="down" />
      </RawButton>
      {hint && !error ? (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      ) : null}
      {error ? (
        <FieldError className="">
          <ErrorLine>{error}</ErrorLine>
        </FieldError>
      ) : null}
      <Popover className="pop" offset={4}>
        <ListBox className="menu" items={items}>
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.label} className="opt">
              {({ isSelected }) => (
                <>
                  {item.icon ? <Icon name={item.icon} /> : null}
                  <span className="grow">{item.label}</span>
                  <span className="end">{isSelected ? <Icon name="check" /> : item.hint}</span>
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
