import type { ReactNode } from 'react';
import { Icon } from './icon';

/** What is wrong with a field, below it. */
export function ErrorLine({ children }: { children: ReactNode }) {
  return (
    <span className="err">
      <Icon name="alert" size={14} />
      <span>{children}</span>
    </span>
  );
}
