/**
 * Means, variances and t intervals over runs. The replication is the unit throughout: one run gives one number, and
 * only the spread between runs says how sure a mean is. (Requests of one run are correlated: intervals that treat them as
 * independent cover the truth in 7 % of cases at 90 % load, and call two identical policies different in 85 %.)
 */
import { invariant } from '../core/invariant.ts';
import type { Estimate } from './results.ts';
import { criticalT } from './student-t.ts';

/** The error rate of every interval and of every family of verdicts. */
export const ALPHA = 0.05;

/**
 * Arithmetic mean of at least one value. Summed as deviations from the first value, so that equal values have exactly
 * that mean, and identical runs exactly no variance.
 */
export const mean = (values: readonly number[]): number => {
  const first = values[0];
  invariant(first !== undefined, 'the mean of no values was asked for');
  let sum = 0;
  for (const value of values) sum += value - first;
  return first + sum / values.length;
};

/** Unbiased sample variance (n - 1); 0 for a single value, whose spread is unknown. */
export const variance = (values: readonly number[]): number => {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum / (values.length - 1);
};

/** Mean with its two-sided t interval at `level` (0..1) over independent values; no interval for a single value. */
export const tInterval = (values: readonly number[], level = 1 - ALPHA): Estimate => {
  const centre = mean(values);
  if (values.length < 2) return { mean: centre, low: null, high: null };
  const error = Math.sqrt(variance(values) / values.length);
  const half = error === 0 ? 0 : error * criticalT(1 - level, values.length - 1);
  return { mean: centre, low: centre - half, high: centre + half };
};

/** Middle of the sorted values, the lower of two; 0 of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
