/** The browser's own time zone. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** How far a zone is from Greenwich at a moment, as people write it: `GMT+9`. */
export function offsetOf(zone: string, at: Date): string {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
    );
  } catch {
    return '';
  }
}

/** Every zone the browser knows, and `also` where it does not know that one. */
export function timeZones(also: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set([...(also ? [also] : []), ...known, 'UTC'])].sort();
}
