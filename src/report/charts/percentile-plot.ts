/**
 * How do the tails differ? Latency on a log axis against -log10(1 - q), the plot HdrHistogram made known: equal steps to
 * 90, 99 and 99.9 per cent, so that the tail gets as much room as the body. Bands are 95 % intervals over seeds, and a
 * line ends where too few requests lie beyond to tell.
 */
import { formatInterval, formatMetric } from '../../core/format.ts';
import { quoted } from '../../results/answer/words.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { Cast, Member } from '../cast.ts';
import { logAxis, placeOn, positional, UNIT_LABELS, type Axis } from './axis.ts';
import { bandNote, hasBand, logExtentOf } from './bands.ts';
import { HALF, type Chart, type Layer } from './chart.ts';
import { limitNames } from './limit-names.ts';
import { legendOf, lines, type Line } from './lines.ts';
import { depth, drawable, positive, tailAxis, tailChannel, tailPoints } from './tail-axis.ts';

const MARGIN = { left: 60, right: 14, top: 12, bottom: 42 };
const WIDTH = HALF - MARGIN.left - MARGIN.right;
const HEIGHT = 272;
/** Latency limits an SLO can set, and the quantile each speaks of. */
const QUANTILES: { readonly [name in MetricName]?: number } = {
  latencyMsP50: 0.5,
  latencyMsP90: 0.9,
  latencyMsP95: 0.95,
  latencyMsP99: 0.99,
  latencyMsP999: 0.999,
};

export const percentilePlot = (cast: Cast): Chart | null => {
  const members = cast.charted.filter(
    ({ contender }) => drawable(contender.percentiles).length > 1,
  );
  if (members.length === 0) return null;
  const points = members.flatMap(({ contender }) => drawable(contender.percentiles));
  const limits = limitsOf(cast);
  const extent = logExtentOf(
    members.flatMap(({ contender }) =>
      drawable(contender.percentiles).map(({ mean, low, high }) =>
        hasBand(contender)
          ? { mean, low: positive(low, mean), high }
          : { mean, low: null, high: null },
      ),
    ),
    2,
  );
  const yAxis = logAxis([extent.low, extent.high, ...limits.map(({ limit }) => limit)]);
  const xAxis = tailAxis(points);
  return {
    title: 'latency by percentile',
    finding: findingOf(members, cast, extent.cut),
    legend: legendOf(members),
    plot: {
      width: WIDTH,
      height: HEIGHT,
      margin: MARGIN,
      layers: layersOf(members, limits, xAxis, yAxis),
    },
    table: tableOf(cast.leads, xAxis),
  };
};

interface Limit {
  readonly at: number;
  readonly limit: number;
  readonly text: string;
}

const limitsOf = (cast: Cast): readonly Limit[] => {
  const limits = new Map<string, Limit>();
  for (const { contender } of cast.charted)
    for (const { metric, limit } of contender.slo) {
      const q = QUANTILES[metric];
      const text = `SLO p${q === undefined ? '' : Number((q * 100).toFixed(1))} ≤ ${formatMetric(metric, limit)}`;
      if (q !== undefined && limit > 0) limits.set(text, { at: depth(q), limit, text });
    }
  return [...limits.values()];
};

const layersOf = (
  members: readonly Member[],
  limits: readonly Limit[],
  xAxis: Axis,
  yAxis: Axis,
): readonly Layer[] => {
  const x = tailChannel(xAxis);
  const y = positional('y', yAxis, { labelExpr: UNIT_LABELS.ms });
  const all = members.map((member): Line => ({
    member,
    points: tailPoints(member.contender.percentiles),
  }));
  const sloStyle = { color: 'var(--slo)', strokeDash: [6, 3] };
  const down = (value: number): number => (1 - placeOn(yAxis, value)) * HEIGHT;
  const names = limits.map(({ text, limit }) => ({ text, y: down(limit) }));
  const curves = all.map(({ points }) =>
    points.map(({ x: at, y: value }) => ({
      x: placeOn(xAxis, at) * WIDTH,
      y: down(value ?? yAxis.low),
    })),
  );
  return [
    ...lines(all, x, y, yAxis),
    {
      data: { values: limits },
      mark: { type: 'rule', ...sloStyle },
      encoding: { y: { ...y, field: 'limit' } },
    },
    {
      // The percentile of an objective may lie beyond those that so few requests can tell.
      data: { values: limits.filter(({ at }) => at <= xAxis.high) },
      mark: {
        type: 'point',
        shape: 'cross',
        filled: true,
        size: 70,
        opacity: 1,
        color: 'var(--slo)',
      },
      encoding: { x: { ...x, field: 'at' }, y: { ...y, field: 'limit' } },
    },
    ...limitNames(names, curves, { width: WIDTH, height: HEIGHT }),
  ];
};

const findingOf = (members: readonly Member[], cast: Cast, isCut: boolean): string => {
  const told = members
    .filter(({ lead }) => lead)
    .map(({ contender }) => {
      const { latencyMsP50, latencyMsP99 } = contender.metrics;
      return `${quoted(contender.name)} has a median of ${formatMetric('latencyMsP50', latencyMsP50?.mean)} and a p99 of ${formatMetric('latencyMsP99', latencyMsP99?.mean)}`;
    });
  const grey = members.some(({ lead }) => !lead) ? ' Grey lines are further contenders.' : '';
  const bound =
    members.length < cast.all.length
      ? ` Shown: ${members.length} of ${cast.all.length} contenders.`
      : '';
  const bands = bandNote(
    'Bands',
    members.map(({ contender }) => contender),
    isCut,
  );
  return `${told.join('; ')}.${bands}${grey}${bound}`;
};

const tableOf = (leads: readonly Member[], xAxis: Axis): Chart['table'] => {
  const quantiles = [
    ...new Set(leads.flatMap(({ contender }) => drawable(contender.percentiles).map(({ q }) => q))),
  ].sort((a, b) => a - b);
  return {
    columns: ['percentile', ...leads.map(({ contender }) => contender.name)],
    rows: quantiles.map((q) => ({
      at: placeOn(xAxis, depth(q)),
      cells: [
        `p${Number((q * 100).toFixed(3))}`,
        ...leads.map(({ contender }) => {
          const point = contender.percentiles.find((candidate) => candidate.q === q);
          return point === undefined
            ? '–'
            : `${formatMetric('latencyMsP99', point.mean)} (${formatInterval('latencyMsP99', point)})`;
        }),
      ],
    })),
  };
};
