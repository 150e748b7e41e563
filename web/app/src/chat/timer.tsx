import { useEffect, useState } from 'react';
import { elapsed, waitTone } from './wait';

/** How long the customer has waited for an answer, by the second. Silent: a screen reader would never come to an end. */
export function WaitTimer({ since }: { since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="wait-timer num" data-tone={waitTone(since, now)} aria-hidden="true">
      {elapsed(since, now)}
    </span>
  );
}
