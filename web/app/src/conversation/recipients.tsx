import type { Mailbox } from '@api';
import { Icon } from '@ui';
import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useRef, useState } from 'react';
import { Button as RawButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useCustomers } from '../customer/queries';
import { addMailboxes, looksLikeAddress, mailboxName, mailboxText, parseMailboxes } from './mailbox';

export interface RecipientsProps {
  label: string;
  value: readonly Mailbox[];
  onChange: (value: Mailbox[]) => void;
  autoFocus?: boolean;
  hideLabel?: boolean;
  after?: ReactNode;
}

/** Addresses as chips one can add to and remove; customers are suggested as one types. */
export function Recipients({ label, value, onChange, autoFocus, hideLabel, after }: RecipientsProps) {
  const { t } = useTranslation();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const suggestions = useCustomers(wanted, wanted.length >= 2).data?.pages[0]?.items ?? [];
  const take = (raw: string) => {
    const found = parseMailboxes(raw);
    if (found.length > 0) onChange(addMailboxes(value, found));
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' || event.key === ',' || event.key === ';') && text.trim()) {
      event.preventDefault();
      take(text);
    } else if (event.key === 'Tab' && text.trim()) take(text);
    else if (event.key === 'Backspace' && text === '' && value.length > 0) onChange(value.slice(0, -1));
  };
  return (
    <div className="rcpt">
      <label htmlFor={id} className={hideLabel ? 'sr' : undefined}>
        {label}
      </label>
      {value.map((one) => (
        <span className="chip" key={one.address} title={mailboxText(one)} data-bad={looksLikeAddress(one.address) ? undefined : true}>
          <span className="t1">{mailboxName(one)}</span>
          <RawButton
            className="chip-x"
            aria-label={t('app.composer.remove', { name: mailboxName(one) })}
            onPress={() => {
              onChange(value.filter((other) => other !== one));
              field.current?.focus();
            }}
          >
            <Icon name="x" size={12} />
          </RawButton>
        </span>
      ))}
      <input
        ref={field}
        id={id}
        type="text"
        inputMode="email"
        autoComplete="off"
        list={`${id}-list`}
        // biome-ignore lint/a11y/noAutofocus: the row was just opened to write in it
        autoFocus={autoFocus}
        value={text}
        onChange={(event) => {
          const next = event.target.value;
          // A suggestion taken from the list arrives whole.
          if (suggestions.some((one) => one.emails.some((email) => `${one.name} <${email.address}>` === next))) take(next);
          else setText(next);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => text.trim() && take(text)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text');
          if (!/[,;\n]/.test(pasted)) return;
          event.preventDefault();
          take(pasted);
        }}
      />
      <datalist id={`${id}-list`}>
        {wanted.length >= 2
          ? suggestions
              .slice(0, 6)
              .flatMap((one) => one.emails.slice(0, 1).map((email) => <option key={email.address} value={`${one.name} <${email.address}>`} />))
          : null}
      </datalist>
      {after}
    </div>
  );
}
