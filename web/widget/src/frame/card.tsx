import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { say } from './link';
import { dismiss } from './live';
import { Avatar, IconButton } from './parts';
import type { FirstWords, Settings } from './types';
import './card.css';
import { t } from './words';

/** Words beside the launcher: one may answer them, or close them. */
export function Card({ first, settings }: { first: FirstWords; settings: Settings }) {
  const box = useRef<HTMLDivElement>(null);
  // A region that is there before its words is read out; one that comes with them may not be.
  const [spoken, setSpoken] = useState('');
  const name = first.name ?? settings.name;
  useLayoutEffect(() => {
    if (box.current) say('card', box.current.offsetHeight);
  });
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(`${name}: ${first.text}`), 200);
    return () => clearTimeout(timer);
  }, [first.text, name]);
  return (
    <div class="invite" ref={box}>
      <p class="sr" role="status">
        {spoken}
      </p>
      <button type="button" class="invited" onClick={() => say('open')}>
        <Avatar name={name} initials={first.initials ?? [...name][0] ?? ''} here={first.name !== null} />
        <span class="grow">
          <b class="t1">{name}</b>
          <span class="words">{first.text}</span>
          <span class="link">{t('answer')}</span>
        </span>
      </button>
      <IconButton icon="x" size={16} label={t('dismiss')} onClick={dismiss} />
    </div>
  );
}
