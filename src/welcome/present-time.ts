import type { ShownTime } from './view-models.js';

const LOCALE = 'en-GB';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365.25 * DAY_MS;

const UNITS = [
  ['year', YEAR_MS],
  ['month', YEAR_MS / 12],
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
] as const;

const relativeTime = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

/** From when and in which zone a person looks at a moment. */
export interface Viewpoint {
  readonly nowMs: number;
  /** An IANA name that {@link ianaTimeZone} let through. */
  readonly timeZone: string;
}

/** The name where it is an IANA time zone; `undefined` for PagerDuty's own, such as "Eastern Time (US & Canada)". */
export function ianaTimeZone(name: string | undefined): string | undefined {
  if (!name) return undefined;
  try {
    Intl.DateTimeFormat(LOCALE, { timeZone: name });
    return name;
  } catch {
    return undefined;
  }
}

/** A moment for the page: "in 10 days", with the date and time of the viewer's zone. */
export function presentTime(atMs: number, { nowMs, timeZone }: Viewpoint): ShownTime {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE, { ...options, timeZone }).format(atMs);
  return {
    iso: new Date(atMs).toISOString(),
    relative: relativeTo(atMs - nowMs),
    date: format({ dateStyle: 'long' }),
    absolute: format({ dateStyle: 'medium', timeStyle: 'short' }),
    full: format({ dateStyle: 'full', timeStyle: 'long' }),
  };
}

/** Weekday and time, such as "Sunday 16:45". */
export function presentLocalTime({ nowMs, timeZone }: Viewpoint): string {
  const format = new Intl.DateTimeFormat(LOCALE, {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  });
  return format.format(nowMs);
}

/** Counts in the largest unit that fits twice: "in 1 month" would hide how many days are left. */
function relativeTo(differenceMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => Math.abs(differenceMs) >= 2 * ms) ?? [
    'second',
    1000,
  ];
  return relativeTime.format(Math.round(differenceMs / unitMs), unit);
}
