import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { Icon, type IconName } from './icon';

export interface Segment<T extends string> {
  id: T;
  label: string;
  icon?: IconName;
}

/** Two or three choices side by side; exactly one is chosen. */
export function Segmented<T extends string>({
  label,
  value,
  onChange,
  items,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  items: readonly Segment<T>[];
}) {
  return (
    <ToggleButtonGroup
      className="seg"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        for (const key of keys) onChange(key as T);
      }}
    >
      {items.map((item) => (
        <ToggleButton key={item.id} id={item.id}>
          {item.icon ? <Icon name={item.icon} /> : null}
          {item.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
