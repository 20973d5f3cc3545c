/**
 * Places on a leaderboard that claim no more than the data can hold. The contender with the best mean takes the place, and
 * everyone whom Holm-adjusted tests against it cannot tell apart beyond the margin shares it; then the same among the
 * rest. So "first" means "not excluded from being best", after Gupta's subset selection (Technometrics 7, 1965), not
 * "luckiest of ten". The family is all pairs, not only those with the best: the best is itself chosen by looking. (Measured
 * on 20 identical contenders: 19 % of leaderboards had a false second place with the smaller family.)
 */
import { METRICS, type MetricName } from '../core/metrics.ts';
import { valuesOf } from './compare.ts';
import { paired, welch } from './contrast.ts';
import { marginOf } from './margin.ts';
import type { ContenderResults, Verdict } from './results.ts';
import { mean } from './statistics.ts';
import { ruleFamily } from './verdict.ts';

interface Ranking {
  /** Practical significance as a share of the best mean. */
  readonly margin: number;
  /** Runs do not share their demand: Welch's test in place of the paired one. */
  readonly independent: boolean;
}

interface Candidate {
  readonly index: number;
  readonly values: readonly number[];
  readonly mean: number;
}

/**
 * One place for each contender, from 1; shared places are equal, and the next one is skipped accordingly (1, 1, 3).
 * Null for a contender that is not judged: it is unstable, or a run of it lacks the metric; all null for a metric without
 * direction.
 */
export const ranks = (
  contenders: readonly ContenderResults[],
  metric: MetricName,
  { margin, independent }: Ranking = { margin: 0.05, independent: false },
): (number | null)[] => {
  const places = new Array<number | null>(contenders.length).fill(null);
  const field = candidates(contenders, metric);
  const pairs = pairsOf(field);
  let remaining = field;
  for (let place = 1; remaining.length > 0;) {
    const tied = sharers(remaining, metric, { margin, independent }, pairs);
    for (const { index } of tied) places[index] = place;
    place += tied.length;
    remaining = remaining.filter((candidate) => !tied.includes(candidate));
  }
  return places;
};

/** Who holds the first place, and why each does: by indices of contenders. */
export interface FirstPlace {
  readonly best: number;
  /** Shown to differ from the best by less than the margin: two ways to do equally well. */
  readonly equal: readonly number[];
  /** Not shown to be worse than the best by more than the margin, nor to be within it. */
  readonly open: readonly number[];
}

/** The first place of `ranks`, taken apart; null when nobody is ranked. */
export const firstPlace = (
  contenders: readonly ContenderResults[],
  metric: MetricName,
  ranking: Ranking,
): FirstPlace | null => {
  const field = candidates(contenders, metric);
  const [best] = field;
  if (best === undefined) return null;
  const rulings = againstBest(field, metric, ranking, pairsOf(field));
  const having = (verdict: Verdict): number[] =>
    field.slice(1).flatMap(({ index }, at) => (rulings[at] === verdict ? index : []));
  return { best: best.index, equal: having('equivalent'), open: having('undecided') };
};

/** Best mean first. */
const candidates = (contenders: readonly ContenderResults[], metric: MetricName): Candidate[] => {
  const { better } = METRICS[metric];
  if (better === 'none') return [];
  const sign = better === 'lower' ? 1 : -1;
  return contenders
    .flatMap(({ stable, runs }, index) => {
      const values = stable ? valuesOf(runs, metric) : null;
      return values === null ? [] : { index, values, mean: mean(values) };
    })
    .sort((a, b) => sign * (a.mean - b.mean) || a.index - b.index);
};

const pairsOf = ({ length }: readonly Candidate[]): number => (length * (length - 1)) / 2;

/** The best and everyone not shown to be worse than it. */
const sharers = (
  field: readonly Candidate[],
  metric: MetricName,
  ranking: Ranking,
  familySize: number,
): Candidate[] => {
  const verdicts = againstBest(field, metric, ranking, familySize);
  return field.filter((_, index) => index === 0 || verdicts[index - 1] !== 'worse');
};

/** A verdict on each but the best. */
const againstBest = (
  field: readonly Candidate[],
  metric: MetricName,
  ranking: Ranking,
  familySize: number,
): readonly Verdict[] => {
  const [best, ...others] = field;
  if (best === undefined) return [];
  const contrast = ranking.independent ? welch : paired;
  return ruleFamily(
    others.map(({ values }) => ({
      contrast: contrast(best.values, values),
      margin: marginOf(metric, best.mean, ranking.margin),
      better: METRICS[metric].better,
      stable: true,
      sameRuns: false,
    })),
    familySize,
  ).map(({ verdict }) => verdict);
};
