import type { ReactElement, ReactNode } from 'react';
import { Menu as AriaMenu, Header, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { Icon, type IconName } from './icon';
import { Keys } from './keys';

export interface MenuEntry {
  id: string;
  label: string;
  icon?: IconName;
  /** Drawn before the label instead of an icon (an avatar, a tag square). */
  before?: ReactNode;
  keys?: string;
  hint?: string;
  isSelected?: boolean;
  isDisabled?: boolean;
  tone?: 'bad';
  onAction?: () => void;
}

export interface MenuGroup {
  id: string;
  title?: string;
  items: readonly MenuEntry[];
}

function Entry({ entry }: { entry: MenuEntry }) {
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.label}
      className="opt"
      isDisabled={entry.isDisabled}
      data-tone={entry.tone}
      onAction={entry.onAction}
      {...(entry.isSelected ? { 'data-selected': true } : {})}
    >
      {entry.before}
      {entry.icon ? <Icon name={entry.icon} /> : null}
      <span className="t1">{entry.label}</span>
      <span className="end">
        {entry.hint}
        {entry.keys ? <Keys keys={entry.keys} /> : null}
        {entry.isSelected ? <Icon name="check" /> : null}
      </span>
    </MenuItem>
  );
}

export interface MenuProps {
  /** The control that opens the menu. */
  children: ReactElement;
  label: string;
  groups: readonly MenuGroup[];
  placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | 'right bottom';
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A menu of actions behind a control. */
export function Menu({ children, label, groups, placement = 'bottom start', isOpen, onOpenChange }: MenuProps) {
  const filled = groups.filter((group) => group.items.length > 0);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      {children}
      <Popover className="pop" placement={placement} offset={4}>
        <AriaMenu className="menu" aria-label={label}>
          {filled.map((group, i) => (
            <MenuSection key={group.id} id={`group:${group.id}`} aria-label={group.title ?? label}>
              {i > 0 && !group.title ? <Separator className="menu-line" /> : null}
              {group.title ? <Header className="menu-head">{group.title}</Header> : null}
              {group.items.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
