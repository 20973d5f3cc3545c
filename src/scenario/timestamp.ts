/**
 * Text timestamps at the precision traces have (`2023-11-16 18:17:03.9799600`: 100 ns), which a Date would cut to
 * milliseconds and a sum with the epoch would blur. So the parts are kept apart until an origin is taken off.
 */
export interface Timestamp {
  /** Whole seconds since 1970, in ms. */
  readonly secondsMs: number;
  /** What is beyond them, ms below 1000. */
  readonly fractionMs: number;
}

const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/** ISO 8601 with `T` or a space, with or without fraction and zone (none = UTC); null if it is no such text. */
export const parseTimestamp = (text: string): Timestamp | null => {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return null;
  const [h, m, s] = [hour ?? 0, minute ?? 0, second ?? 0];
  // 31 February is no day: a trace that says so is garbage.
  if (!isDay(year, month, day) || h > 23 || m > 59 || s > 59) return null;
  const utc = (((daysSince1970(year, month, day) * 24 + h) * 60 + m) * 60 + s) * 1000;
  return {
    secondsMs: utc - offsetMs(match[8]),
    fractionMs: Number(`0.${match[7] ?? '0'}`) * 1000,
  };
};

/** A day with a month and a year, whether or not there was one: `2024-02-30T00:00:00Z`, `30/02/2024 10:00`. */
export const looksLikeDate = (text: string): boolean =>
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)/.test(text);

/** ms from `origin` to `timestamp`. */
export const sinceOrigin = (timestamp: Timestamp, origin: Timestamp): number =>
  timestamp.secondsMs - origin.secondsMs + (timestamp.fractionMs - origin.fractionMs);

const offsetMs = (zone: string | undefined): number => {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
};

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days of `month`, from 1; 0 if there is no such month. */
const daysOf = (year: number, month: number): number =>
  (MONTHS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);

const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= daysOf(year, month);

/** Days from year 1 to the beginning of `year`, in the Gregorian calendar carried back. */
const daysBefore = (year: number): number => {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
};

const daysSince1970 = (year: number, month: number, day: number): number => {
  let days = daysBefore(year) - daysBefore(1970) + day - 1;
  for (let earlier = 1; earlier < month; earlier++) days += daysOf(year, earlier);
  return days;
};
