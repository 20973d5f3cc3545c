/**
 * Who won, when one name is wanted: first on the judged metrics, each in turn; among those who share the place the cheapest
 * that meets its objectives, then the best mean.
 */
import { METRICS, type MetricName } from '../core/metrics.ts';
import { ranks } from './rank.ts';
import type { ContenderResults, Results } from './results.ts';

/** Null when nobody is ranked on any judged metric, and there are several. */
export const leaderOf = ({
  contenders,
  scenario,
  independent,
}: Pick<Results, 'contenders' | 'scenario' | 'independent'>): ContenderResults | null => {
  if (contenders.length === 1) return contenders[0] ?? null;
  let field = contenders;
  let isRanked = false;
  for (const metric of scenario.judge) {
    const places = ranks(contenders, metric, { margin: scenario.margin, independent });
    const among = field.map((contender) => places[contenders.indexOf(contender)] ?? null);
    const best = Math.min(...among.map((place) => place ?? Infinity));
    if (best === Infinity) continue;
    isRanked = true;
    field = field.filter((_, index) => among[index] === best);
  }
  if (!isRanked) return null;
  const met = field.filter(({ slo }) => slo.every((row) => row.met));
  const [first] = (met.length > 0 ? met : field).toSorted(
    (a, b) => cost(a) - cost(b) || byMean(a, b, scenario.judge),
  );
  return first ?? null;
};

const cost = ({ metrics }: ContenderResults): number => metrics.serverSeconds?.mean ?? 0;

const byMean = (a: ContenderResults, b: ContenderResults, judge: readonly MetricName[]): number => {
  for (const metric of judge) {
    const sign = METRICS[metric].better === 'lower' ? 1 : -1;
    const difference = (a.metrics[metric]?.mean ?? 0) - (b.metrics[metric]?.mean ?? 0);
    if (difference !== 0) return sign * difference;
  }
  return 0;
};
