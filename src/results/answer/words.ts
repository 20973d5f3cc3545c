/**
 * The words that all answers share: names in quotes, lists with "and", metrics as nouns, differences with their size,
 * share and interval. Plain words only: a reader who never heard of a p-value must be able to act on the sentence.
 */
import {
  formatDifferenceEstimate,
  formatDifferenceInterval,
  formatNumber,
  formatRelative,
} from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Comparison, Estimate } from '../results.ts';

export const quoted = (name: string): string => `“${name}”`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** Labels that are no nouns need one. */
const NOUNS: { readonly [name in MetricName]?: string } = {
  completed: 'number of completed requests',
  failed: 'number of failed requests',
  retries: 'number of retries',
  timeouts: 'number of timeouts',
  rejected: 'number of rejected attempts',
  sessionsLost: 'number of lost sessions',
};

/** `error rate`, `number of retries`. */
export const noun = (metric: MetricName): string => NOUNS[metric] ?? METRICS[metric].label;

/** `an error rate`, `a p99 latency`. */
export const withArticle = (words: string): string =>
  `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

/** `6.1 points or 45 % (95 % interval 5.8 to 6.4 points)`: the size of a difference whose sign the verb tells. */
export const size = (row: Comparison): string => amount(row) + intervalOf(row);

/** `6.1 points or 45 % below the baseline (95 % interval 5.8 to 6.4 points)`. */
export const sizeAgainstBaseline = (row: Comparison): string =>
  `${amount(row)} ${row.difference.mean < 0 ? 'below' : 'above'} the baseline${intervalOf(row)}`;

const amount = ({ metric, difference, relative }: Comparison): string => {
  const absolute = formatDifferenceEstimate(metric, upright(difference)).replace(/^\+/, '');
  if (relative === null) return absolute;
  return `${absolute} or ${formatRelative(Math.abs(relative.mean)).replace(/^\+/, '')}`;
};

/** `+0.3 points (95 % interval −0.2 to +0.8 points)`. */
export const signedSize = ({ metric, difference }: Comparison): string =>
  formatDifferenceEstimate(metric, difference) +
  (difference.low === null
    ? ''
    : ` (95 % interval ${formatDifferenceInterval(metric, difference)})`);

/** Of a decided difference both ends have the sign of the mean, which the verb already told. */
const intervalOf = ({ metric, difference }: Comparison): string => {
  if (difference.low === null) return '';
  const text = formatDifferenceInterval(metric, upright(difference)).replaceAll('+', '');
  return ` (95 % interval ${text})`;
};

/** A difference by its size: turned round where it is negative. */
const upright = (difference: Estimate): Estimate => {
  const { mean, low, high } = difference;
  if (mean >= 0) return difference;
  return { mean: -mean, low: high === null ? null : -high, high: low === null ? null : -low };
};

/** `which about 34 seeds would settle`, the most that any of the rows needs; honest when nobody can tell. */
export const seedsNeeded = (rows: readonly Comparison[]): string => {
  const known = rows.flatMap(({ seedsToSettle }) => seedsToSettle ?? []);
  return known.length < rows.length
    ? 'which no foreseeable number of seeds would settle'
    : `which about ${formatNumber(Math.max(...known))} seeds would settle`;
};

/** `one seed`, `3 seeds`. */
export const seedCount = (runs: number): string =>
  runs === 1 ? 'one seed' : `${formatNumber(runs)} seeds`;
