import type { ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { ErrorLine } from './error-line';

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
    <TextField {...field} type={type} className="field" isInvalid={Boolean(error)} validationBehavior="aria">
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
    </TextField>
  );
}
