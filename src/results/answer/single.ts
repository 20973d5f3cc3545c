/** The answer for one contender: there is nothing to compare it with, so it tells its objectives, or else its figures. */
import { formatEstimate, formatInterval, formatMetric } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { ContenderResults, SloRow } from '../results.ts';
import { METRICS } from '../../core/metrics.ts';
import { listed, noun, quoted } from './words.ts';

export const singleAnswer = (contender: ContenderResults, judge: readonly MetricName[]): string => {
  const name = quoted(contender.name);
  const told =
    contender.slo.length > 0 ? objectives(name, contender.slo) : figures(name, contender, judge);
  return contender.stable ? `${told}.` : `${told}, but its backlog grows: it is UNSTABLE.`;
};

const objectives = (name: string, rows: readonly SloRow[]): string => {
  const [met, missed] = [rows.filter((row) => row.met), rows.filter((row) => !row.met)];
  const total =
    ['its objective', 'both objectives'][rows.length - 1] ?? `all ${rows.length} objectives`;
  if (missed.length === 0) return `${name} meets ${total}: ${listed(met.map(against))}`;
  if (met.length === 0) return `${name} misses ${total}: ${listed(missed.map(against))}`;
  const count = `${missed.length} of ${rows.length} objectives`;
  return `${name} misses ${count}: ${listed(missed.map(against))}; it meets ${listed(met.map(against))}`;
};

/** `p99 latency 412 ms (limit 500 ms)`. */
const against = ({ metric, limit, mean, met }: SloRow): string => {
  const bound = METRICS[metric].better === 'higher' ? 'at least' : 'limit';
  const measured = mean === null ? (met ? 'none' : 'not measured') : formatMetric(metric, mean);
  return `${noun(metric)} ${measured} (${bound} ${formatMetric(metric, limit)})`;
};

const figures = (
  name: string,
  { metrics }: ContenderResults,
  judge: readonly MetricName[],
): string => {
  const told = judge.flatMap((metric) => {
    const estimate = metrics[metric];
    if (estimate === undefined) return [];
    const interval =
      estimate.low === null ? '' : ` (95 % interval ${formatInterval(metric, estimate)})`;
    return [`${noun(metric)} ${formatEstimate(metric, estimate)}${interval}`];
  });
  return told.length === 0
    ? `${name} yielded none of the judged metrics`
    : `${name}: ${listed(told)}`;
};
