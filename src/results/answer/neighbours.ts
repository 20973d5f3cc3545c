/** Cells of a matrix that lie one step from a given cell along one axis: how smooth the ground around an optimum is. */
import type { ContenderResults } from '../results.ts';

/** Empty for contenders that do not come from a matrix. */
export const neighboursOf = (
  contenders: readonly ContenderResults[],
  { cell }: ContenderResults,
): ContenderResults[] =>
  cell === null
    ? []
    : contenders.filter((other) => other.cell !== null && steps(cell, other.cell) === 1);

/** City-block distance. */
const steps = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, place, axis) => sum + Math.abs(place - (b[axis] ?? place)), 0);
