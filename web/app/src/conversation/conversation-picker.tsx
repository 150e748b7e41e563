import type { Conversation } from '@api';
import { Icon, TextInput } from '@ui';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format';

interface ConversationPickerProps {
  /** What to type. */
  label: string;
  text: string;
  onText: (text: string) => void;
  /** What the list is. */
  offeredLabel: string;
  offered: readonly Conversation[];
  /** Said when nothing is offered. */
  none: string;
  multiple?: boolean;
  chosen: readonly Conversation[];
  onChoose: (chosen: Conversation[]) => void;
}

/** Finds conversations by words and chooses one of them, or several. */
export function ConversationPicker({ label, text, onText, offeredLabel, offered, none, multiple, chosen, onChoose }: ConversationPickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <TextInput
        label={label}
        hideLabel
        type="search"
        placeholder={label}
        value={text}
        onChange={onText}
        autoFocus
        autoComplete="off"
        before={<Icon name="search" />}
      />
      <ListBox
        className="pick-list"
        aria-label={offeredLabel}
        selectionMode={multiple ? 'multiple' : 'single'}
        selectedKeys={chosen.map((one) => one.id)}
        onSelectionChange={(next) => onChoose(offered.filter((one) => next === 'all' || next.has(one.id)))}
        renderEmptyState={() => <div className="opt faint">{none}</div>}
      >
        {offered.map((one) => (
          <ListBoxItem key={one.id} id={one.id} textValue={`#${one.number} ${one.subject}`} className="opt two">
            <span className="grow">
              <span className="t1 strong">{one.subject || t('app.no_subject')}</span>
              <span className="t1 small dim">{`#${one.number} · ${one.customer.name} · ${format.thread(one.last_message_at)}`}</span>
            </span>
            {chosen.some((other) => other.id === one.id) ? <Icon name="check" /> : null}
          </ListBoxItem>
        ))}
      </ListBox>
    </>
  );
}
