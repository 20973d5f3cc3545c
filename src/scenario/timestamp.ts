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
  const clock = [hour ?? 0, minute ?? 0, second ?? 0] as const;
  const utc = Date.UTC(year, month - 1, day, ...clock);
  // Date.UTC rolls 31 February over to March; a trace that says so is garbage.
  if (new Date(utc).getUTCDate() !== day || clock[0] > 23 || clock[1] > 59 || clock[2] > 59) {
    return null;
  }
  return {
    secondsMs: utc - offsetMs(match[8]),
    fractionMs: Number(`0.${match[7] ?? '0'}`) * 1000,
  };
};

/** ms from `origin` to `timestamp`. */
export const sinceOrigin = (timestamp: Timestamp, origin: Timestamp): number =>
  timestamp.secondsMs - origin.secondsMs + (timestamp.fractionMs - origin.fractionMs);

const offsetMs = (zone: string | undefined): number => {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
};
