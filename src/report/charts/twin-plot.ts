/**
 * Did the simulator foretell it? Latency by percentile of a live run, solid, with that of its simulated twin laid over
 * it, dashed and without a band: where they part, the model leaves something out, or the machine was not quiet.
 */
import { formatMetric } from '../../core/format.ts';
import { quoted } from '../../results/answer/words.ts';
import type { TwinRow } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { figuresOf, pairsOf, type Pair } from '../twin.ts';
import { logAxis, placeOn, positional, UNIT_LABELS, type Axis } from './axis.ts';
import { HALF, type Chart, type LegendEntry } from './chart.ts';
import { lines, type Line } from './lines.ts';
import { depth, drawable, tailAxis, tailChannel, tailPoints } from './tail-axis.ts';

const MARGIN = { left: 60, right: 14, top: 12, bottom: 42 };
const WIDTH = HALF - MARGIN.left - MARGIN.right;
const HEIGHT = 272;
const SIMULATED = [4, 3];

/** Null when too few requests were made for any percentile. */
export const twinPlot = (cast: Cast, rows: readonly TwinRow[]): Chart | null => {
  const pairs = pairsOf(cast.leads, rows);
  const points = pairs.flatMap(({ member, twin }) => [
    ...drawable(member.contender.percentiles),
    ...drawable(twin.percentiles),
  ]);
  if (points.length < 2) return null;
  const xAxis = tailAxis(points);
  const yAxis = logAxis(points.map(({ mean }) => mean));
  const y = positional('y', yAxis, { labelExpr: UNIT_LABELS.ms });
  return {
    title: 'latency by percentile, live and simulated',
    finding: findingOf(pairs),
    legend: pairs.flatMap(legendOf),
    plot: {
      width: WIDTH,
      height: HEIGHT,
      margin: MARGIN,
      layers: lines(pairs.flatMap(linesOf), tailChannel(xAxis), y, yAxis),
    },
    table: tableOf(pairs, xAxis),
  };
};

/** Neither has a band here: two lines close to each other are what there is to see. */
const linesOf = ({ member, twin }: Pair): Line[] => [
  { member: { ...member, dash: [] }, points: bandless(member.contender.percentiles) },
  { member: { ...member, dash: SIMULATED }, points: bandless(twin.percentiles) },
];

const bandless = (percentiles: TwinRow['percentiles']): Line['points'] =>
  tailPoints(percentiles).map(({ x, y }) => ({ x, y, low: null, high: null }));

const legendOf = ({ member: { contender, colour } }: Pair): LegendEntry[] => [
  { text: `${contender.name}, live`, colour, dash: [] },
  { text: `${contender.name}, simulated`, colour, dash: SIMULATED },
];

const findingOf = (pairs: readonly Pair[]): string =>
  `${pairs
    .map(({ member, twin }) => {
      const p99 = twin.errors.find(({ metric }) => metric === 'latencyMsP99');
      if (p99 === undefined) return `${quoted(member.contender.name)} has no p99 in both worlds`;
      const { live, simulated, offBy } = figuresOf(p99);
      return `${quoted(member.contender.name)} has a p99 of ${live} live and ${simulated} simulated (${offBy})`;
    })
    .join('; ')}. Solid lines are live, dashed ones simulated.`;

const tableOf = (pairs: readonly Pair[], xAxis: Axis): Chart['table'] => {
  const columns = pairs.flatMap(({ member, twin }) => [
    { head: `${member.contender.name}, live`, points: member.contender.percentiles },
    { head: `${member.contender.name}, simulated`, points: twin.percentiles },
  ]);
  const quantiles = [
    ...new Set(columns.flatMap(({ points }) => drawable(points).map(({ q }) => q))),
  ].sort((a, b) => a - b);
  return {
    columns: ['percentile', ...columns.map(({ head }) => head)],
    rows: quantiles.map((q) => ({
      at: placeOn(xAxis, depth(q)),
      cells: [
        `p${Number((q * 100).toFixed(3))}`,
        ...columns.map(({ points }) =>
          formatMetric('latencyMsP99', points.find((point) => point.q === q)?.mean),
        ),
      ],
    })),
  };
};
