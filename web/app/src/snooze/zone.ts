// Wall clocks and instants in a time zone. Pure; the zone is an argument.

/** What a clock on a wall shows. Months count from 1. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, made);
  }
  return made;
}

/** What clocks in a zone show at an instant. */
export function wallAt(at: Date, zone: string): Wall {
  const part: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(at)) part[type] = Number(value);
  return { year: part.year ?? 0, month: part.month ?? 1, day: part.day ?? 1, hour: part.hour ?? 0, minute: part.minute ?? 0 };
}

const asUtc = ({ year, month, day, hour, minute }: Wall): number => Date.UTC(year, month - 1, day, hour, minute);

/** The instant at which clocks in a zone show this. An hour that a clock change leaves out moves on by it; of one that comes twice it is the first. */
export function instantOf(wall: Wall, zone: string): Date {
  const wanted = asUtc(wall);
  const offset = (at: number) => asUtc(wallAt(new Date(at), zone)) - Math.floor(at / 60_000) * 60_000;
  const [early, late] = [wanted - offset(wanted - 86_400_000), wanted - offset(wanted + 86_400_000)];
  const fits = [Math.min(early, late), Math.max(early, late)].find((at) => asUtc(wallAt(new Date(at), zone)) === wanted);
  return new Date(fits ?? early);
}

/** The same time of day some days on. */
export function daysOn(wall: Wall, days: number): Wall {
  const day = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return { ...wall, year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
}

/** 0 is Sunday. */
export const weekdayOf = ({ year, month, day }: Wall): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();

/** Whether there is such a day. */
export function isDay(year: number, month: number, day: number): boolean {
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
}
