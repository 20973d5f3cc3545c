/**
 * Cron expressions as KEDA reads them (robfig/cron, standard: minute, hour, day of month, month, day of week), as the
 * minutes of a week at which they fire. A week is what a scenario can repeat, so days of a month are refused.
 */
import { z } from 'zod';
import { gotButAllowed } from '../../../core/units.ts';

/** In minutes. */
export const DAY = 24 * 60;
export const WEEK = 7 * DAY;

export interface Cron {
  /** Minutes since Monday at midnight, ascending. */
  readonly fires: readonly number[];
  /** Every day is like the others. */
  readonly daily: boolean;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ALLOWED = 'minute, hour, *, *, day of the week, such as `30 8 * * 1-5`';

export const zCron = z.string().transform((written, context): Cron => {
  const [minute = '', hour = '', date = '', month = '', day = '', ...more] = written
    .trim()
    .toLowerCase()
    .split(/\s+/);
  const [minutes, hours, days] = [
    valuesOf(minute, 59),
    valuesOf(hour, 23),
    valuesOf(
      day.replaceAll(/[a-z]+/g, (name) => String(DAYS.indexOf(name))),
      6,
    ),
  ];
  const isWeekly = more.length === 0 && [date, month].every(isAny);
  if (minutes === null || hours === null || days === null || !isWeekly) {
    context.addIssue(gotButAllowed(written, ALLOWED));
    return z.NEVER;
  }
  const fires = days.flatMap((of) =>
    hours.flatMap((at) => minutes.map((past) => fromMonday(of) * DAY + at * 60 + past)),
  );
  return { fires: fires.sort((a, b) => a - b), daily: isAny(day) };
});

const isAny = (field: string): boolean => field === '*' || field === '?';
const fromMonday = (day: number): number => (day + 6) % 7;

/** `*`, `5`, `1-5`, `8-18/2`, `1,3` -> the values up to `last`; null when it is none of these. */
const valuesOf = (field: string, last: number): readonly number[] | null => {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const range = rangeOf(part, last);
    if (range === null) return null;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values];
};

const rangeOf = (
  part: string,
  last: number,
): { readonly from: number; readonly to: number; readonly step: number } | null => {
  const match = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (match === null) return null;
  const [, from, to, step] = match.map((digits) =>
    digits === undefined ? undefined : Number(digits),
  );
  // `5/15` goes on to the end, `5` does not.
  const open = from === undefined || step !== undefined ? last : from;
  const range = { from: from ?? 0, to: to ?? open, step: step ?? 1 };
  return range.step > 0 && range.from <= range.to && range.to <= last ? range : null;
};
