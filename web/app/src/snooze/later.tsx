import { lazy, Suspense } from 'react';
import type { SnoozePickerProps } from './picker';

const Picker = lazy(() => import('./picker'));

/** The picker of snooze times, fetched when its control is first drawn: until then, only the control is. */
export function SnoozeLater(props: SnoozePickerProps) {
  return (
    <Suspense fallback={props.children}>
      <Picker {...props} />
    </Suspense>
  );
}
