import { useState } from 'react';
import { Button } from './button';

/** A button that copies a text and says so. */
export function CopyButton({
  text,
  label,
  doneLabel,
  kind = 'plain',
}: {
  text: string;
  label: string;
  doneLabel: string;
  kind?: 'plain' | 'quiet' | 'primary';
}) {
  const [done, setDone] = useState(false);
  return (
    <Button
      kind={kind}
      icon={done ? 'check' : 'copy'}
      onPress={() => {
        void navigator.clipboard?.writeText(text).then(() => {
          setDone(true);
          setTimeout(() => setDone(false), 2500);
        });
      }}
    >
      <span aria-live="polite">{done ? doneLabel : label}</span>
    </Button>
  );
}
