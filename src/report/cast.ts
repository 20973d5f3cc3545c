/**
 * Who plays in the charts, and in which colour. Every contender keeps one key, colour and dash through the whole page.
 * More than six lines in a chart cannot be told apart, so six lead: the baseline, the best by each judged metric (the
 * answer names them), and the next best by the first. The rest stand behind in grey, up to a bound, and the page says
 * whom it left out.
 */
import { METRICS, type MetricName } from '../core/metrics.ts';
import { ranks } from '../results/rank.ts';
import type { ContenderResults, Results } from '../results/results.ts';
import { isTested } from './ranking.ts';

export interface Member {
  readonly contender: ContenderResults;
  /** `c0`, `c1`, ...: what charts group by, so that no name of a user's ever becomes part of a chart's program. */
  readonly key: string;
  /** Its name, or for a cell of a matrix its values alone: short enough for a mark in a chart. */
  readonly label: string;
  readonly baseline: boolean;
  readonly lead: boolean;
  /** A CSS value that follows the page's light or dark scheme. */
  readonly colour: string;
  /** Lengths of strokes and gaps; empty for a solid line. */
  readonly dash: readonly number[];
  /**
   * Shared rank by the first judged metric, from 1; null when unranked (unstable, without the metric, or too few
   * seeds).
   */
  readonly rank: number | null;
}

export interface Cast {
  /** In the file's order. */
  readonly all: readonly Member[];
  /** Best first: by rank, then by mean; unranked ones last. */
  readonly ranked: readonly Member[];
  /** At most six, the baseline first. */
  readonly leads: readonly Member[];
  /** The leads and some others in grey; what charts of points and lines show. */
  readonly charted: readonly Member[];
}

const LEADS = 6;
const CHARTED = 16;
/** Long enough to show the colour of each where they lie on each other. */
const DASHES: readonly (readonly number[])[] = [
  [7, 4],
  [],
  [2.5, 3],
  [9, 3, 2.5, 3],
  [4, 2.5],
  [2.5, 3, 2.5, 3, 9, 3],
];

export const castOf = (results: Results): Cast => {
  const { contenders } = results;
  const judged = firstJudged(results);
  const places = placesOn(results, judged);
  const order = bestFirst(results, judged, places);
  const leads = leadsOf(results, order);
  const all = contenders.map((contender, index): Member => {
    const lead = leads.indexOf(index);
    return {
      contender,
      key: `c${index}`,
      label: labelOf(results, contender),
      baseline: index === 0 && contenders.length > 1,
      lead: lead >= 0,
      colour: lead >= 0 ? `var(--c${lead})` : 'var(--other)',
      dash: contenders.length === 1 ? [] : (DASHES[lead] ?? []),
      rank: isTested(results) ? (places[index] ?? null) : null,
    };
  });
  const pick = (indices: readonly number[]): Member[] =>
    indices.map((index) => all[index]).filter((member) => member !== undefined);
  const others = order.filter((index) => !leads.includes(index)).slice(0, CHARTED - leads.length);
  return {
    all,
    ranked: pick(order),
    leads: pick(leads),
    charted: pick([...leads, ...others]),
  };
};

/** The best so many, and the baseline wherever it stands: whom a table that is bounded shows. */
export const foremost = ({ ranked }: Cast, most: number): readonly Member[] =>
  ranked.filter(({ baseline }, index) => baseline || index < most);

/** Indices by rank, then by mean. */
const bestFirst = (
  { contenders }: Results,
  metric: MetricName,
  places: readonly (number | null)[],
): readonly number[] =>
  contenders
    .map((_, index) => index)
    .sort((a, b) => byRank(places[a], places[b]) || byMean(contenders, metric, a, b) || a - b);

const leadsOf = (results: Results, order: readonly number[]): readonly number[] => {
  const { contenders, scenario } = results;
  if (contenders.length <= LEADS) return contenders.map((_, index) => index);
  const winners = scenario.judge.flatMap(
    (metric) => bestFirst(results, metric, placesOn(results, metric))[0] ?? [],
  );
  return [...new Set([0, ...winners, ...order])].slice(0, LEADS);
};

/** Shared ranks as this experiment's margin and pairing rule them; see results/rank.ts. */
export const placesOn = (results: Results, metric: MetricName): readonly (number | null)[] =>
  ranks(results.contenders, metric, {
    margin: results.scenario.margin,
    independent: results.independent,
  });

export const firstJudged = (results: Results): MetricName =>
  results.scenario.judge[0] ?? 'latencyMsP99';

const labelOf = ({ scenario: { matrix } }: Results, { name, cell }: ContenderResults): string =>
  matrix === null || cell === null
    ? name
    : cell.map((at, axis) => matrix[axis]?.values[at] ?? '').join(' · ');

const byRank = (a: number | null | undefined, b: number | null | undefined): number =>
  (a ?? Infinity) === (b ?? Infinity) ? 0 : (a ?? Infinity) - (b ?? Infinity);

const byMean = (
  contenders: readonly ContenderResults[],
  metric: MetricName,
  a: number,
  b: number,
): number => {
  const [left, right] = [a, b].map((index) => contenders[index]?.metrics[metric]?.mean);
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined);
  return METRICS[metric].better === 'higher' ? right - left : left - right;
};
