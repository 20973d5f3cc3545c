/**
 * The answer for two contenders. Gains come first, costs are named as the price, ties and open points follow: a mixed result
 * is told as one. An unstable side is told before all else, because its means depend on how long the run was.
 */
import { formatMetric } from '../../core/format.ts';
import { METRICS } from '../../core/metrics.ts';
import { marginText } from '../margin.ts';
import type { Comparison, ContenderResults } from '../results.ts';
import { FEWEST_RUNS } from '../verdict.ts';
import {
  listed,
  noun,
  quoted,
  seedCount,
  seedsNeeded,
  signedSize,
  size,
  withArticle,
} from './words.ts';

export type Side = Pick<ContenderResults, 'name' | 'stable' | 'runs' | 'metrics'>;

/** `rows`: the judged comparisons of these two; `margin`: practical significance as a share of the baseline. */
export const pairAnswer = (
  baseline: Side,
  contender: Side,
  rows: readonly Comparison[],
  margin: number,
): string => {
  const [a, b] = [quoted(baseline.name), quoted(contender.name)];
  if (rows.length === 0)
    return `${a} and ${b} cannot be compared: no judged metric was measured in every run.`;
  if (rows.every(isIdentical))
    return `${b} makes no difference to ${a}: equal in ${nouns(rows)}, run by run.`;
  if (!baseline.stable || !contender.stable) return unstableAnswer(baseline, contender, rows);
  if (Math.min(baseline.runs.length, contender.runs.length) < FEWEST_RUNS)
    return exploratoryAnswer(baseline, contender, rows);
  const margins = (row: Comparison): string =>
    marginText(row.metric, baseline.metrics[row.metric]?.mean ?? 0, margin);
  return decidedAnswer(a, b, rows, margins);
};

const decidedAnswer = (
  a: string,
  b: string,
  rows: readonly Comparison[],
  margins: (row: Comparison) => string,
): string => {
  const better = withVerdict(rows, 'better');
  const worse = withVerdict(rows, 'worse');
  const equal = withVerdict(rows, 'equivalent');
  const open = withVerdict(rows, 'undecided');
  const asides = [
    ...(equal.length > 0 ? [within(equal, margins)] : []),
    ...(open.length > 0 ? [`undecided in ${openPoints(open)}`] : []),
  ];
  if (better.length === 0 && worse.length === 0) {
    if (open.length === 0) return `${b} and ${a} are ${within(equal, margins)}.`;
    return `${b} against ${a}: ${asides.join('; ')}.`;
  }
  const change = better.length > 0 ? gains(b, a, better, worse) : losses(b, a, worse);
  return `${[change, ...asides].join('; ')}.`;
};

/** `equal within the margin of 5 % in p99 latency and of 0.1 points in error rate`: the margin that was really used. */
const within = (rows: readonly Comparison[], margins: (row: Comparison) => string): string => {
  const told = [...new Set(rows.map(margins))].map(
    (margin) => `of ${margin} in ${nouns(rows.filter((row) => margins(row) === margin))}`,
  );
  return `equal within the margin ${listed(told)}`;
};

const gains = (
  b: string,
  a: string,
  better: readonly Comparison[],
  worse: readonly Comparison[],
): string => {
  const told = listed(better.map(changed));
  return worse.length === 0
    ? `${b} is better than ${a}: it ${told}`
    : `${b} ${told} against ${a}, at the price of ${listed(worse.map(price))}`;
};

const losses = (b: string, a: string, worse: readonly Comparison[]): string =>
  `${b} is worse than ${a}: it ${listed(worse.map(changed))}`;

/** `cuts the error rate by 6.1 points or 45 % (95 % interval 5.8 to 6.4 points)`. */
export const changed = (row: Comparison): string => {
  const down = METRICS[row.metric].better === 'lower' ? 'cuts' : 'lowers';
  return `${row.difference.mean < 0 ? down : 'raises'} the ${noun(row.metric)} by ${size(row)}`;
};

/** `a p99 latency higher by 120 ms or 23 % (95 % interval 100 to 140 ms)`. */
const price = (row: Comparison): string => {
  const way = row.difference.mean < 0 ? 'lower' : 'higher';
  return `${withArticle(noun(row.metric))} ${way} by ${size(row)}`;
};

const openPoints = (rows: readonly Comparison[]): string =>
  `${listed(rows.map((row) => `${noun(row.metric)} ${signedSize(row)}`))}, ${seedsNeeded(rows)}`;

const exploratoryAnswer = (
  baseline: Side,
  contender: Side,
  rows: readonly Comparison[],
): string => {
  const runs = Math.min(baseline.runs.length, contender.runs.length);
  const apart = rows.filter(({ difference }) => difference.mean !== 0);
  const tied = rows.filter(({ difference }) => difference.mean === 0);
  const told = listed([
    ...apart.map((row) => `${noun(row.metric)} ${signedSize(row)}`),
    ...(tied.length > 0 ? [`no difference so far in ${nouns(tied)}`] : []),
  ]);
  return `Exploratory, with ${seedCount(runs)} nothing is decided: ${quoted(contender.name)} against ${quoted(baseline.name)} shows ${told}; run at least ${FEWEST_RUNS} seeds.`;
};

const unstableAnswer = (baseline: Side, contender: Side, rows: readonly Comparison[]): string => {
  if (!baseline.stable && !contender.stable)
    return `Both ${quoted(baseline.name)} and ${quoted(contender.name)} are UNSTABLE: their backlogs grow, so their means depend on how long the run was and are not judged.`;
  const [steady, growing] = baseline.stable ? [baseline, contender] : [contender, baseline];
  const figures = rows.map(
    ({ metric }) => `${noun(metric)} ${formatMetric(metric, steady.metrics[metric]?.mean)}`,
  );
  return `${quoted(steady.name)} keeps up with ${listed(figures)}, while ${quoted(growing.name)} is UNSTABLE: its backlog grows, so its means depend on how long the run was and are not judged.`;
};

const isIdentical = ({ verdict, difference: { mean, low, high } }: Comparison): boolean =>
  verdict === 'equivalent' && mean === 0 && (low ?? 0) === 0 && (high ?? 0) === 0;

const withVerdict = (rows: readonly Comparison[], verdict: Comparison['verdict']): Comparison[] =>
  rows.filter((row) => row.verdict === verdict);

const nouns = (rows: readonly Comparison[]): string =>
  listed(rows.map(({ metric }) => noun(metric)));
