/**
 * The one place where results are rounded: six significant digits for measured figures, which is far below any interval
 * and above the histogram's 0.4 %, and keeps the file small. Whole numbers stay exact. It is also the last gate before JSON, which
 * would silently turn NaN and Infinity into null: here they are a bug of ours and say so.
 */
import { invariant } from '../core/invariant.ts';

/** A deep copy of plain data with every number rounded. `name` tells a breach's place, e.g. `series.bands`. */
export const rounded = <T>(value: T, name: string): T => copy(value, name) as T;

const copy = (value: unknown, name: string): unknown => {
  if (typeof value === 'number') return roundedNumber(value, name);
  if (Array.isArray(value)) return value.map((item) => copy(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, copy(item, `${name}.${key}`)]),
  );
};

const roundedNumber = (value: number, name: string): number => {
  invariant(Number.isFinite(value), `${name} is ${value}`);
  return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(6));
};
