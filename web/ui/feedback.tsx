import type { CSSProperties, ReactNode } from 'react';
import { Icon, type IconName } from './icon';

/** A line across the page that says what happened and what to do. `bad` is announced at once. */
export function Banner({
  tone = 'warn',
  icon,
  children,
  action,
}: {
  tone?: 'warn' | 'bad' | 'info' | 'ok';
  icon?: IconName;
  children: ReactNode;
  action?: ReactNode;
}) {
  const sign: IconName = icon ?? (tone === 'ok' ? 'circlecheck' : tone === 'info' ? 'info' : 'alert');
  return (
    <div className="banner" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={sign} size={18} />
      <span className="grow">{children}</span>
      {action}
    </div>
  );
}

/** A grey stand-in in the exact size of what comes; invisible for the first 150 ms. */
export function Skeleton({ width, height, round }: { width?: number | string; height?: number | string; round?: boolean }) {
  const style: CSSProperties = { width, height, borderRadius: round ? '50%' : undefined };
  return <span className="skel" style={style} aria-hidden="true" />;
}

/** One sentence and one button that teach the next step. */
export function Empty({
  icon,
  picture,
  title,
  children,
  action,
}: {
  icon?: IconName;
  picture?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      {picture}
      {icon ? <Icon name={icon} size={28} /> : null}
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  );
}

/** How far something is, from 0 to 1. */
export function Progress({ value, label }: { value: number; label: string }) {
  return (
    <span className="bar" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(value * 100)}>
      <i style={{ width: `${Math.round(value * 100)}%` }} />
    </span>
  );
}
