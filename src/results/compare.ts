/**
 * Each contender against the baseline, metric by metric. Only metrics that have a direction and that every compared run
 * of both sides has: a mean over "the runs that had one" would compare different runs. The judged metrics of all contenders
 * form one family and are adjusted together; every other row is exploratory and stands at plain 95 %.
 */
import { METRICS, METRIC_NAMES, type MetricName } from '../core/metrics.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { paired, welch } from './contrast.ts';
import { marginOf } from './margin.ts';
import type { Comparison, ContenderResults, Estimate, Results, Run } from './results.ts';
import { mean } from './statistics.ts';
import { rule, ruleFamily, type Question, type Ruling } from './verdict.ts';

/** The sides of one comparison; when paired, runs at equal indices have equal seeds. */
export interface Match {
  readonly baseline: ContenderResults;
  readonly contender: ContenderResults;
  readonly baselineRuns: readonly Run[];
  readonly contenderRuns: readonly Run[];
  readonly isPaired: boolean;
  /** Same seeds, and every metric equal: two ways of writing one policy. */
  readonly sameRuns: boolean;
}

/** One row to be: what is asked, and the figures that only the row needs. */
interface Entry extends Question {
  readonly match: Match;
  readonly metric: MetricName;
  readonly baselineMean: number;
}

type Rules = Pick<Scenario, 'judge' | 'margin'>;

/** Every other contender against the first; contenders hold the same seeds in the same order. */
export const compareContenders = (
  contenders: readonly ContenderResults[],
  rules: Rules,
  independent: boolean,
): Comparison[] => {
  const [baseline, ...others] = contenders;
  if (baseline === undefined) return [];
  return compareMatches(
    others.map((contender) => ({
      baseline,
      contender,
      baselineRuns: baseline.runs,
      contenderRuns: contender.runs,
      isPaired: !independent,
      sameRuns: areSame(baseline.runs, contender.runs),
    })),
    rules,
  );
};

/**
 * B against A, contender by contender of the same name (or the only one of each). The judged metrics and the margin are
 * A's. Simulated runs that share at least two seeds are paired over those; anything else is compared as independent.
 */
export const compareResults = (a: Results, b: Results): Comparison[] =>
  compareMatches(matchResults(a, b), a.scenario);

/** Who stands against whom in `compareResults`, and over which runs. */
export const matchResults = (a: Results, b: Results): Match[] => {
  const mayPair = [a, b].every(({ mode, independent }) => mode === 'sim' && !independent);
  return partners(a.contenders, b.contenders).map(([baseline, contender]) =>
    matchAcross(baseline, contender, mayPair),
  );
};

const partners = (
  a: readonly ContenderResults[],
  b: readonly ContenderResults[],
): [ContenderResults, ContenderResults][] => {
  const [onlyA, onlyB] = [a[0], b[0]];
  if (a.length === 1 && b.length === 1 && onlyA && onlyB) return [[onlyA, onlyB]];
  return a.flatMap((baseline) =>
    b
      .filter(({ name }) => name === baseline.name)
      .map((contender): [ContenderResults, ContenderResults] => [baseline, contender]),
  );
};

const matchAcross = (
  baseline: ContenderResults,
  contender: ContenderResults,
  mayPair: boolean,
): Match => {
  const bySeed = new Map(contender.runs.map((run) => [run.seed, run]));
  const shared = baseline.runs.filter(({ seed }) => bySeed.has(seed));
  if (!mayPair || shared.length < 2) {
    const [baselineRuns, contenderRuns] = [baseline.runs, contender.runs];
    const sameRuns = areSame(baselineRuns, contenderRuns);
    return { baseline, contender, baselineRuns, contenderRuns, isPaired: false, sameRuns };
  }
  const contenderRuns = shared.flatMap(({ seed }) => bySeed.get(seed) ?? []);
  const sameRuns = areSame(shared, contenderRuns);
  return { baseline, contender, baselineRuns: shared, contenderRuns, isPaired: true, sameRuns };
};

/** Every metric of every run is the same. */
export const areSame = (a: readonly Run[], b: readonly Run[]): boolean =>
  a.length > 0 &&
  a.length === b.length &&
  a.every(({ seed, metrics }, index) => {
    const other = b[index];
    return (
      seed === other?.seed &&
      METRIC_NAMES.every((metric) => metrics[metric] === other.metrics[metric])
    );
  });

const compareMatches = (matches: readonly Match[], { judge, margin }: Rules): Comparison[] => {
  const family = judge.filter((metric) => METRICS[metric].better !== 'none');
  const entries = matches.flatMap((match) =>
    METRIC_NAMES.flatMap((metric) => entryOf(match, metric, margin) ?? []),
  );
  const judged = entries.filter(({ metric }) => family.includes(metric));
  const rulings = ruleFamily(judged, family.length * matches.length);
  const adjusted = new Map(judged.map((entry, index) => [entry, rulings[index]]));
  return entries.map((entry) => {
    const ruling = adjusted.get(entry);
    return comparison(entry, ruling ?? rule(entry), ruling !== undefined);
  });
};

/** Null when the metric has no direction, or a run lacks it. */
const entryOf = (match: Match, metric: MetricName, margin: number): Entry | null => {
  const { better } = METRICS[metric];
  const baseline = valuesOf(match.baselineRuns, metric);
  const contender = valuesOf(match.contenderRuns, metric);
  if (better === 'none' || baseline === null || contender === null) return null;
  const baselineMean = mean(baseline);
  return {
    match,
    metric,
    baselineMean,
    better,
    contrast: match.isPaired ? paired(baseline, contender) : welch(baseline, contender),
    margin: marginOf(metric, baselineMean, margin),
    stable: match.baseline.stable && match.contender.stable,
    sameRuns: match.sameRuns,
  };
};

/** The metric of each run; null when there are no runs or one lacks it. */
export const valuesOf = (runs: readonly Run[], metric: MetricName): number[] | null => {
  const values = runs.flatMap((run) => run.metrics[metric] ?? []);
  return values.length === runs.length && runs.length > 0 ? values : null;
};

const comparison = (entry: Entry, ruling: Ruling, judged: boolean): Comparison => ({
  baseline: entry.match.baseline.name,
  contender: entry.match.contender.name,
  metric: entry.metric,
  judged,
  difference: ruling.difference,
  relative: entry.baselineMean === 0 ? null : scaled(ruling.difference, 1 / entry.baselineMean),
  verdict: ruling.verdict,
  seedsToSettle: ruling.seedsToSettle,
});

const scaled = ({ mean: centre, low, high }: Estimate, factor: number): Estimate => ({
  mean: centre * factor,
  low: low === null ? null : low * factor,
  high: high === null ? null : high * factor,
});
