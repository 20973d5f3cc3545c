/** Live against simulated for a terminal: three lines a contender, live, simulated, and how far the simulator is off. */
import { NO_VALUE } from '../core/format.ts';
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { Results, TwinRow } from '../results/results.ts';
import { blockTable, stubRoom, type Column } from './block-table.ts';
import type { Member } from './cast.ts';
import { rowLabels } from './row-labels.ts';
import { paragraph, type Cell, type Paint } from './terminal.ts';
import {
  BRIEF_METRICS,
  briefPairsOf,
  figuresOf,
  TWIN_LEGEND,
  TWIN_TITLE,
  type Pair,
} from './twin.ts';

const LIVE = ', live';

/** No lines where nothing was simulated beside. */
export const twinText = (
  results: Results,
  members: readonly Member[],
  width: number,
  paint: Paint,
): string[] => {
  const pairs = briefPairsOf(members, results.twin);
  if (pairs.length === 0) return [];
  const metrics = BRIEF_METRICS.filter((metric) =>
    pairs.some(({ twin }) => twin.errors.some((error) => error.metric === metric)),
  );
  const labels = rowLabels(results, members, stubRoom(width) - LIVE.length);
  const stub = {
    head: 'contender',
    rows: pairs.map(({ member }) => [labels.of(member) + LIVE, '  simulated', '  off by']),
  };
  const table = metrics.map((metric) => columnOf(metric, pairs));
  return [
    ...paragraph(TWIN_TITLE, width, paint, 'bold'),
    ...blockTable(stub, table, width, paint),
    '',
    ...paragraph(TWIN_LEGEND, width, paint, 'dim'),
  ];
};

const columnOf = (metric: MetricName, pairs: readonly Pair[]): Column => ({
  head: METRICS[metric].label,
  cells: pairs.map(({ twin }) => cellsOf(twin, metric)),
});

const cellsOf = ({ errors }: TwinRow, metric: MetricName): Cell[] => {
  const error = errors.find((each) => each.metric === metric);
  if (error === undefined) return [{ text: NO_VALUE }];
  const { live, simulated, offBy } = figuresOf(error);
  return [{ text: live, tint: 'bold' }, { text: simulated, tint: 'dim' }, { text: offBy }];
};
