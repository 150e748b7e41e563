import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stopwatch } from '../i18n/format';
import { waitTone } from './wait';

/** How long the customer has waited for an answer, by the second. Silent: a screen reader would never come to an end. */
export function WaitTimer({ since }: { since: string }) {
  const { i18n } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="wait-timer num" data-tone={waitTone(since, now)} aria-hidden="true">
      {stopwatch((now - new Date(since).getTime()) / 1000, i18n.language)}
    </span>
  );
}
