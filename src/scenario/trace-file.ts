/**
 * What a scenario reads from files: arrival traces (timestamps or counts) and samples of empirical distributions, each
 * as the Float64Array that a run computes with. Timestamps are shifted to begin at 0 and sorted, with a warning if they
 * were not; garbage is answered with file and line.
 */
import { createHash } from 'node:crypto';
import { ScenarioError, type Mistake, type Place } from '../core/scenario-error.ts';
import { gotButAllowed, toMicros } from '../core/units.ts';
import { readColumn, type Cell } from './csv-column.ts';
import { TIME_UNITS, type FileColumn, type TimeUnit } from './file-column.ts';
import { looksLikeDate, parseTimestamp, sinceOrigin, type Timestamp } from './timestamp.ts';

const UNIT_MS: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const A_NUMBER = 'a number, at least 0';
const A_TIMESTAMP = 'a timestamp such as 2023-11-16 18:17:03.9799600';

/** Garbage in a file is told so many times, then it is enough. */
const MOST_MISTAKES = 5;

/** A column as text, and where the scenario asked for it. */
export interface ColumnText extends FileColumn {
  readonly text: string;
  readonly wish: Place;
}

/** Timestamps, sorted, ms from the first. */
export const readTimestamps = (from: ColumnText, warn: (warning: string) => void): Float64Array => {
  const cells = cellsOf(from);
  const times = areDates(from, cells)
    ? textTimes(from.file, cells)
    : durations(from, cells, `${A_NUMBER}, or ${A_TIMESTAMP}`);
  const start = times.reduce((least, time) => Math.min(least, time), Infinity);
  const shifted = times.map((time) => toMicros(time - start));
  const sorted = Float64Array.from(shifted).sort();
  const first = shifted.findIndex((time, index) => time !== sorted[index]);
  if (first >= 0) {
    const line = cells[first]?.line ?? 1;
    warn(`${from.file}:${line}  the timestamps were not in order; they have been sorted`);
  }
  return sorted;
};

/** Arrivals in each interval, whole numbers in the file's order. */
export const readCounts = ({ file, ...from }: ColumnText): Float64Array =>
  Float64Array.from(
    eachCell(file, cellsOf({ file, ...from }), ({ text }) => {
      const count = text === '' ? NaN : Number(text);
      const whole = Number.isSafeInteger(count) && count >= 0;
      return whole ? count : gotButAllowed(text, 'a count: a whole number from 0');
    }),
  );

/** Durations in ms, or plain numbers where the distribution counts. */
export const readSamples = (from: ColumnText, of: 'durations' | 'counts'): Float64Array => {
  if (of === 'counts') return Float64Array.from(numbers(from, cellsOf(from)));
  return Float64Array.from(durations(from, cellsOf(from)), toMicros);
};

/** `sha256:...` of a file's text. */
export const sha256 = (text: string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

const cellsOf = ({ file, text, column, wish }: ColumnText): readonly Cell[] =>
  readColumn(file, text, column, wish);

const unitOf = ({ unit, wish, file }: ColumnText): number => {
  if (unit !== undefined && unit !== 'iso') return UNIT_MS[unit];
  const units = TIME_UNITS.filter((name) => name !== 'iso').join(', ');
  throw new ScenarioError(`the numbers in ${file} need a \`unit\`; allowed: ${units}`, wish);
};

/** Told by the first cell that can tell, since the very first may be mistyped. */
const areDates = ({ unit }: ColumnText, cells: readonly Cell[]): boolean => {
  const telling = cells.find(({ text }) => looksLikeDate(text) || isNumber(text));
  return unit === 'iso' || (telling !== undefined && looksLikeDate(telling.text));
};

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

/** ms. A value that is none is told before a unit is asked for, which it may not need. */
const durations = (
  from: ColumnText,
  cells: readonly Cell[],
  allowed: string = A_NUMBER,
): number[] => {
  const values = numbers(from, cells, allowed);
  const unit = unitOf(from);
  return values.map((value) => value * unit);
};

const numbers = (
  { file }: ColumnText,
  cells: readonly Cell[],
  allowed: string = A_NUMBER,
): number[] =>
  eachCell(file, cells, ({ text }) => {
    if (isNumber(text) && Number(text) >= 0) return Number(text);
    return gotButAllowed(text, allowed);
  });

const textTimes = (file: string, cells: readonly Cell[]): number[] => {
  let origin: Timestamp | null = null;
  return eachCell(file, cells, ({ text }) => {
    const timestamp = parseTimestamp(text);
    if (timestamp === null) {
      return gotButAllowed(text, A_TIMESTAMP);
    }
    origin ??= timestamp;
    return sinceOrigin(timestamp, origin);
  });
};

/** Reads every cell; a text instead of a number is what is wrong with it. */
const eachCell = (
  file: string,
  cells: readonly Cell[],
  read: (cell: Cell) => number | string,
): number[] => {
  const mistakes: Mistake[] = [];
  const values: number[] = [];
  for (const cell of cells) {
    const value = read(cell);
    if (typeof value === 'number') values.push(value);
    else mistakes.push({ message: value, place: { file, line: cell.line } });
    if (mistakes.length === MOST_MISTAKES) break;
  }
  if (mistakes.length > 0) throw ScenarioError.of(mistakes);
  return values;
};
