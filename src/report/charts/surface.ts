/**
 * The cells of a matrix for one judged metric, ready for drawing: value, whether the SLO is met, and whether the cell is
 * told apart from the best. "Told apart" is a shared first place (results/rank.ts), so the map and the leaderboard
 * cannot contradict each other.
 */
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Estimate, Results } from '../../results/results.ts';
import { placesOn } from '../cast.ts';

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
  /** Shares the first place: not told apart from the best. */
  readonly tied: boolean;
  readonly stable: boolean;
}

export const cellsOf = (results: Results, metric: MetricName): readonly Cell[] => {
  const places = placesOn(results, metric);
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
      tied: places[index] === 1,
    };
  });
  const sign = METRICS[metric].better === 'higher' ? -1 : 1;
  const judged = cells.filter(({ stable }) => stable);
  const best = Math.min(...judged.map(({ estimate }) => sign * estimate.mean));
  const winner = judged.find(({ estimate }) => sign * estimate.mean === best);
  return cells.map((cell) => ({ ...cell, best: cell === winner }));
};
