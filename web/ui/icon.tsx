import { drawings, type IconName } from './icons';

export type { IconName } from './icons';

/** One drawing of the set. Decorative: the control around it carries the label. */
export function Icon({ name, size = 16, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      className={className ? `i ${className}` : 'i'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      // The drawings are constants of this package, never user content.
      // biome-ignore lint/security/noDangerouslySetInnerHtml: constant markup
      dangerouslySetInnerHTML={{ __html: drawings[name] }}
    />
  );
}
