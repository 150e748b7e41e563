import type { ReactNode } from 'react';
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
  Switch as AriaSwitch,
  type SwitchProps as AriaSwitchProps,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Button as RawButton,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea,
} from 'react-aria-components';
import { Icon, type IconName } from './icon';

function ErrorLine({ children }: { children: ReactNode }) {
  return (
    <span className="err">
      <Icon name="alert" size={14} />
      <span>{children}</span>
    </span>
  );
}

export interface TextInputProps {
  label: string;
  /** Hides the label from sight, not from screen readers. */
  hideLabel?: boolean;
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'number';
  name?: string;
  placeholder?: string;
  hint?: ReactNode;
  /** What is wrong and what to do. Shown below the field and announced. */
  error?: string | null;
  isRequired?: boolean;
  isDisabled?: boolean;
  isReadOnly?: boolean;
  autoFocus?: boolean;
  autoComplete?: string;
  multiline?: boolean;
  rows?: number;
  before?: ReactNode;
  after?: ReactNode;
  inputMode?: 'text' | 'numeric' | 'email' | 'url';
  onBlur?: () => void;
}

/** A labelled text field with hint and error. */
export function TextInput(props: TextInputProps) {
  const { label, hideLabel, hint, error, multiline, rows, before, after, placeholder, type = 'text', inputMode, ...field } = props;
  return (
    <AriaTextField {...field} type={type} className="field" isInvalid={Boolean(error)} validationBehavior="aria">
      <Label className={hideLabel ? 'sr' : 'label'}>{label}</Label>
      {multiline ? (
        <TextArea className="input" placeholder={placeholder} rows={rows} />
      ) : before || after ? (
        <div className="input">
          {before}
          <Input placeholder={placeholder} inputMode={inputMode} />
          {after}
        </div>
      ) : (
        <Input className="input" placeholder={placeholder} inputMode={inputMode} />
      )}
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
    </AriaTextField>
  );
}

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
