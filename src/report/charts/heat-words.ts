/**
 * What a heat map shows, in words: its best cell, who shares that place on this map and on the others, and the
 * objective.
 */
import type { MetricName } from '../../core/metrics.ts';
import { figureOf, type Cell } from './surface.ts';

/** `cells` of this map, `all` of all maps of the metric. */
export const findingOf = (
  cells: readonly Cell[],
  all: readonly Cell[],
  metric: MetricName,
  untested: string,
): string => {
  const best = all.find((cell) => cell.best);
  if (best === undefined) return `No cell is judged.${sloText(cells)} Stronger is worse.`;
  const isKnown = all.every(({ tied }) => tied !== null);
  const tied = (some: readonly Cell[]): number =>
    some.filter((cell) => cell.tied === true && !cell.best).length;
  const elsewhere = all.length > cells.length;
  const alike = !isKnown
    ? `differences are ${untested}`
    : tied(all) === 0
      ? 'every other cell is worse'
      : `${tied(all) === 1 ? 'one other cell' : `${tied(all)} other cells`} cannot be told apart from it` +
        (elsewhere ? `, ${tied(cells) === 0 ? 'none' : tied(cells)} of them on this map` : '') +
        (tied(cells) > 0 ? ' (hatched)' : '');
  const where = cells.includes(best) ? '★ Best' : 'On another map is the best';
  return `${where}${isKnown ? '' : ' so far'}: ${best.name} with ${figureOf(metric, best.estimate)}; ${alike}.${sloText(cells)} Stronger is worse.`;
};

const sloText = (cells: readonly Cell[]): string => {
  const told = cells.filter((cell) => cell.met !== null);
  const met = told.filter((cell) => cell.met === true).length;
  if (told.length === 0) return '';
  if (met === told.length) return ` The SLO is met in every cell.`;
  if (met === 0) return ` The SLO is met in no cell.`;
  return ` The SLO is met in ${met} of ${told.length} cells${edgesOf(cells).length > 0 ? '; the thick line parts them from the others' : ''}.`;
};

/** Where met borders on missed: an edge wherever two neighbours differ. */
export const edgesOf = (cells: readonly Cell[]) => {
  const met = new Map(cells.map((cell) => [`${cell.cell[0]} ${cell.cell[1]}`, cell.met]));
  const differs = (here: boolean, there: boolean | null | undefined): boolean =>
    there !== undefined && there !== null && there !== here;
  return cells.flatMap(({ cell: [x = 0, y = 0], met: here }) => {
    if (here === null) return [];
    return [
      ...(differs(here, met.get(`${x + 1} ${y}`)) ? [{ x: x + 1, x2: x + 1, y, y2: y + 1 }] : []),
      ...(differs(here, met.get(`${x} ${y + 1}`)) ? [{ x, x2: x + 1, y: y + 1, y2: y + 1 }] : []),
    ];
  });
};
