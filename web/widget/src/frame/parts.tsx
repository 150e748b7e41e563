import type { ComponentChildren } from 'preact';
import { t } from './words';

const DRAWN = {
  send: 'M4.5 11.5 20 4.5l-5.5 15.5-3.3-6.200zM11.2 13.8l4-4.3',
  x: 'm6 6 12 12M18 6 6 18',
  left: 'M14.5 6.5 9 12l5.5 5.5',
  right: 'm9.5 6.5 5.5 5.5-5.5 5.5',
  dots: 'M6 12h.01M12 12h.01M18 12h.01',
  clip: 'm18.5 11-6.9 6.900a4 4 0 0 1-5.7-5.700l7.4-7.400a2.7 2.7 0 0 1 3.8 3.800l-7.3 7.300a1.3 1.3 0 0 1-1.9-1.900l6.5-6.5',
  smile: 'M3.8 12a8.2 8.2 0 1 0 16.4 0 8.2 8.2 0 1 0-16.4 0M9 10h.01M15 10h.01M8.3 14c1 1.5 2.2 2.2 3.7 2.200s2.7-.7 3.7-2.2',
  camera: 'M4 8h3.500l1.5-2.500h6L16.5 8H20v11H4zM8.8 13a3.2 3.2 0 1 0 6.4 0 3.2 3.2 0 1 0-6.4 0',
  file: 'M6.5 3.500h7l4.5 4.500v12.500h-11.500zM13.5 3.500V8H18',
  check: 'm5 12.5 4.6 4.500L19 7.5',
  checks: 'm2.8 12.6 4.2 4.2 8.5-9M11.3 15.600l1.2 1.2 8.7-9',
  mail: 'M3.5 5.500h17v13h-17zM4 7l8 6 8-6',
  phone:
    'M7.500 4 10 8.500 8.300 10.500c1 2.200 2.500 3.700 5 5l2.200-1.700L20 16.500c-.5 2.500-2 3.700-4.500 3.500C9.500 19 5 14.500 4 8.500 3.800 6 5 4.500 7.500 4z',
  clock: 'M3.8 12a8.2 8.2 0 1 0 16.4 0 8.2 8.2 0 1 0-16.4 0M12 7.300V12l3 2',
  alert: 'M12 4.5 3.7 18.900h16.600zM12 10v4M12 16.500h.01',
  sound: 'M5 10v4h3l4 3.500v-11L8 10zM15 9.500c1 1.5 1 3.5 0 5M17.5 7.500c2 3 2 6 0 9',
  mute: 'M5 10v4h3l4 3.500v-11L8 10zM15.5 10l4 4M19.5 10l-4 4',
  down: 'M12 4.500v10M8 11l4 4 4-4M5 19.500h14',
} as const;
export type IconName = keyof typeof DRAWN | 'face0' | 'face1' | 'face2' | 'face3' | 'face4';

const RING = 'M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0M9 9.800h.01M15 9.800h.01';
const MOUTHS = [
  'M8.3 16.500c.9-1.6 2.1-2.3 3.7-2.300s2.8.7 3.7 2.3',
  'M8.5 16c1-.9 2.1-1.3 3.5-1.300s2.5.4 3.5 1.3',
  'M8.8 15.200h6.4',
  'M8.5 14.200c1 1.1 2.1 1.6 3.5 1.600s2.5-.5 3.5-1.6',
  'M8 13.500c.8 2.2 2.2 3.2 4 3.200s3.2-1 4-3.200z',
];

/** A drawing, never spoken: what it stands for is said by its button. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  const path = name.startsWith('face') ? RING + MOUTHS[Number(name.slice(4))] : DRAWN[name as keyof typeof DRAWN];
  return (
    <svg class={`i i-${name}`} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

interface ButtonProps {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent) => void;
  size?: number;
  class?: string;
  disabled?: boolean;
  expanded?: boolean;
  id?: string;
}
export function IconButton({ icon, label, onClick, size = 20, class: name = '', disabled, expanded, id }: ButtonProps) {
  return (
    <button
      type="button"
      id={id}
      class={`ib ${name}`}
      aria-label={label}
      title={label}
      onClick={onClick}
      aria-disabled={disabled || undefined}
      aria-expanded={expanded}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}

/** A stable hue for a name, so that one face keeps one tint; the same as in the agents' app. */
export function hue(seed: string): number {
  let h = 2166136261;
  for (let i = 0; i < seed.length; i++) h = Math.imul(h ^ seed.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 15), 2246822519);
  h = Math.imul(h ^ (h >>> 13), 3266489917);
  h ^= h >>> 16;
  return ((h >>> 0) % 36) * 10;
}

/** Initials on a person's own tint; decoration beside the name. */
export function Avatar({ name, initials, size = 34, here }: { name: string; initials: string; size?: number; here?: boolean }) {
  return (
    <span class="av" style={{ '--h': String(hue(name)), '--d': `${size}px` }} data-letters={initials.slice(0, 2)} aria-hidden="true">
      {here && <span class="on" />}
    </span>
  );
}

/** A panel over the lower end of the conversation, with its own close. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  return (
    <div
      class="sheet"
      role="dialog"
      aria-label={title}
      ref={(element) => {
        if (element && !element.contains(document.activeElement)) element.querySelector<HTMLElement>('input,textarea,.btn')?.focus();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div class="row">
        <h2 class="grow">{title}</h2>
        <IconButton icon="x" label={t('dismiss')} onClick={onClose} size={18} />
      </div>
      {children}
    </div>
  );
}
