import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { Icon, type IconName } from './icon';

export interface ChoiceCard<T extends string> {
  id: T;
  label: string;
  hint?: ReactNode;
  icon?: IconName;
}

/** One of a few ways, each with a sentence; exactly one is chosen. */
export function ChoiceCards<T extends string>({
  label,
  hideLabel,
  value,
  onChange,
  items,
  isDisabled,
  compact,
}: {
  label: string;
  hideLabel?: boolean;
  value: T;
  onChange: (value: T) => void;
  items: readonly ChoiceCard<T>[];
  isDisabled?: boolean;
  /** Two in a row, for short labels without sentences. */
  compact?: boolean;
}) {
  return (
    <RadioGroup className="field" value={value} onChange={(next) => onChange(next as T)} isDisabled={isDisabled}>
      <Label className={hideLabel ? 'sr' : 'label'}>{label}</Label>
      <div className="choices" data-compact={compact || undefined}>
        {items.map((item) => (
          <Radio key={item.id} value={item.id} className="choice">
            <span className="box" data-round />
            <span className="grow">
              <span className="strong">{item.label}</span>
              {item.hint ? <span className="hint">{item.hint}</span> : null}
            </span>
            {item.icon ? <Icon name={item.icon} size={18} /> : null}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
