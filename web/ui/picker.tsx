import { type ReactElement, type ReactNode, useState } from 'react';
import {
  Autocomplete,
  Dialog,
  DialogTrigger,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { Icon, type IconName } from './icon';

export interface PickItem {
  id: string;
  label: string;
  icon?: IconName;
  before?: ReactNode;
  hint?: string;
}

export interface PickGroup {
  id: string;
  title?: string;
  items: readonly PickItem[];
}

export interface PickerProps {
  /** The control that opens the picker. */
  children: ReactElement;
  label: string;
  placeholder: string;
  groups: readonly PickGroup[];
  selected: readonly string[];
  multiple?: boolean;
  onPick: (id: string) => void;
  /** What is typed, where the list is found elsewhere: it is then not narrowed here. */
  onSearch?: (text: string) => void;
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  placement?: 'bottom start' | 'bottom end';
  empty: string;
  /** Offered below when nothing matches exactly, for example to make a new tag. */
  onCreate?: (text: string) => void;
  createLabel?: (text: string) => string;
}

/** A searchable list behind a control: type to narrow, arrows and Enter to choose. */
export function Picker(props: PickerProps) {
  const {
    children,
    label,
    placeholder,
    groups,
    selected,
    multiple,
    onPick,
    onSearch,
    isOpen,
    onOpenChange,
    placement = 'bottom start',
    empty,
    onCreate,
    createLabel,
  } = props;
  const [own, setOwn] = useState(false);
  const [text, setText] = useState('');
  const { contains } = useFilter({ sensitivity: 'base' });
  const open = isOpen ?? own;
  const type = (next: string) => {
    setText(next);
    onSearch?.(next.trim());
  };
  const change = (next: boolean) => {
    setOwn(next);
    if (!next) type('');
    onOpenChange?.(next);
  };
  const all = groups.flatMap((group) => group.items);
  const wanted = text.trim();
  const creatable = onCreate && wanted && !all.some((item) => item.label.toLocaleLowerCase() === wanted.toLocaleLowerCase());
  const pick = (id: string) => {
    if (id === 'create:') onCreate?.(wanted);
    else onPick(id);
    if (multiple) type('');
    else change(false);
  };
  return (
    <DialogTrigger isOpen={open} onOpenChange={change}>
      {children}
      <Popover className="pop" placement={placement} offset={4}>
        <Dialog aria-label={label} className="menu-dialog">
          <Autocomplete inputValue={text} onInputChange={type} filter={onSearch ? undefined : contains}>
            <SearchField aria-label={placeholder} autoFocus className="menu-find">
              <div className="input">
                <Icon name="search" />
                <Input placeholder={placeholder} />
              </div>
            </SearchField>
            <ListBox
              className="menu"
              aria-label={label}
              onAction={(key) => pick(String(key))}
              renderEmptyState={() => <div className="opt faint">{empty}</div>}
            >
              {groups
                .filter((group) => group.items.length > 0)
                .map((group) => (
                  <ListBoxSection key={group.id} id={`group:${group.id}`} aria-label={group.title ?? label}>
                    {group.title ? <Header className="menu-head">{group.title}</Header> : null}
                    {group.items.map((item) => (
                      <ListBoxItem key={item.id} id={item.id} textValue={item.label} className="opt">
                        {item.before}
                        {item.icon ? <Icon name={item.icon} /> : null}
                        <span className="t1">{item.label}</span>
                        <span className="end">
                          {item.hint}
                          {selected.includes(item.id) ? <Icon name="check" /> : null}
                        </span>
                      </ListBoxItem>
                    ))}
                  </ListBoxSection>
                ))}
              {creatable ? (
                <ListBoxItem id="create:" textValue={wanted} className="opt">
                  <Icon name="plus" />
                  <span className="t1">{createLabel?.(wanted)}</span>
                </ListBoxItem>
              ) : null}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
