/**
 * The cells of a matrix for one judged metric, ready for drawing: value, whether the SLO is met, and whether the cell is
 * told apart from the best. "Told apart" is a shared first place (results/rank.ts), so the map and the leaderboard
 * cannot contradict each other.
 */
import { formatEstimate, formatInterval } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Estimate, Results } from '../../results/results.ts';
import { placesOn } from '../cast.ts';
import { isTested } from '../ranking.ts';

export interface Cell {
  readonly name: string;
  /** Index on each axis of the matrix. */
  readonly cell: readonly number[];
  readonly estimate: Estimate;
  /** Null when no SLO speaks of the metric. */
  readonly met: boolean | null;
  readonly limit: number | null;
  /** Best mean of all cells. */
  readonly best: boolean;
  /** Shares the first place: not told apart from the best. Null with too few seeds to tell. */
  readonly tied: boolean | null;
  readonly stable: boolean;
}

/** `412 ms (398 to 426 ms)`; the mean alone where a single seed gives no interval. */
export const figureOf = (metric: MetricName, estimate: Estimate): string =>
  formatEstimate(metric, estimate) +
  (estimate.low === null ? '' : ` (${formatInterval(metric, estimate)})`);

/** A cell against the best one, in words. */
export const standingOf = ({ best, stable, tied }: Cell): string => {
  if (best) return tied === null ? 'best so far' : 'best';
  if (!stable) return 'unstable';
  return tied === null ? 'not tested' : tied ? 'not told apart' : 'worse';
};

export const cellsOf = (results: Results, metric: MetricName): readonly Cell[] => {
  const places = placesOn(results, metric);
  const tested = isTested(results);
  const cells = results.contenders.flatMap(({ name, cell, metrics, slo, stable }, index) => {
    const estimate = metrics[metric];
    if (cell === null || estimate === undefined) return [];
    const objective = slo.find((row) => row.metric === metric);
    return {
      name,
      cell,
      estimate,
      stable,
      met: objective?.met ?? null,
      limit: objective?.limit ?? null,
      tied: tested ? places[index] === 1 : null,
    };
  });
  const sign = METRICS[metric].better === 'higher' ? -1 : 1;
  const judged = cells.filter(({ stable }) => stable);
  const best = Math.min(...judged.map(({ estimate }) => sign * estimate.mean));
  const winner = judged.find(({ estimate }) => sign * estimate.mean === best);
  return cells.map((cell) => ({ ...cell, best: cell === winner }));
};
