/**
 * What does speed cost? Server-seconds against p99 latency, with the intervals of both, and the front: contenders that
 * no other beats on both counts. Where every contender held the same servers, cost tells nothing apart and failed
 * requests take its place, since latency is often bought with errors.
 */
import { formatInterval, formatMetric, possible } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import { listed } from '../../results/answer/words.ts';
import type { Estimate } from '../../results/results.ts';
import type { Cast, Member } from '../cast.ts';
import {
  linearBetween,
  logAxis,
  placeOn,
  positional,
  UNIT_LABELS,
  valueAt,
  type Axis,
} from './axis.ts';
import { HALF, type Chart, type Layer } from './chart.ts';
import { shorten, spreadLabels } from './labels.ts';

interface Point {
  readonly member: Member;
  readonly x: Estimate;
  readonly y: Estimate;
  /** Nobody is better on both. */
  readonly front: boolean;
}

const SPEED: MetricName = 'latencyMsP99';
const MARGIN = { left: 58, right: 18, top: 12, bottom: 40 };
const WIDTH = HALF - MARGIN.left - MARGIN.right;
const HEIGHT = 264;

/** Null when there is nothing to weigh: fewer than two contenders, or no metric that sets them apart. */
export const paretoChart = (cast: Cast): Chart | null => {
  const cost = costMetric(cast);
  if (cost === null) return null;
  const points = pointsOf(cast.charted, cost);
  if (points.length < 2) return null;
  return {
    title: `${METRICS[cost].label} against ${METRICS[SPEED].label}`,
    finding: findingOf(points, cost, cast),
    legend: [],
    plot: { width: WIDTH, height: HEIGHT, margin: MARGIN, layers: layersOf(points, cost) },
    table: {
      columns: [
        'contender',
        METRICS[cost].label,
        '95 % interval',
        METRICS[SPEED].label,
        '95 % interval',
        'on the front',
      ],
      rows: points.map(({ member, x, y, front }) => ({
        cells: [
          member.contender.name,
          formatMetric(cost, x.mean),
          formatInterval(cost, x),
          formatMetric(SPEED, y.mean),
          formatInterval(SPEED, y),
          front ? 'yes' : 'no',
        ],
      })),
    },
  };
};

/** Cost in servers if it differs by more than half a per cent, else errors, else nothing. */
const costMetric = (cast: Cast): MetricName | null => {
  const differs = (metric: MetricName): boolean => {
    const means = cast.charted.flatMap(({ contender }) => contender.metrics[metric]?.mean ?? []);
    return means.length > 1 && Math.max(...means) - Math.min(...means) > 0.005 * Math.max(...means);
  };
  return (['serverSeconds', 'errorRate'] as const).find(differs) ?? null;
};

const pointsOf = (members: readonly Member[], cost: MetricName): readonly Point[] => {
  const points = members.flatMap((member) => {
    const { [cost]: x, [SPEED]: y } = member.contender.metrics;
    if (x === undefined || y === undefined) return [];
    return [{ member, x: { ...x, ...possible(cost, x) }, y: { ...y, ...possible(SPEED, y) } }];
  });
  return points.map((point) => ({
    ...point,
    front:
      point.member.contender.stable &&
      !points.some(
        ({ member, x, y }) =>
          member.contender.stable &&
          x.mean <= point.x.mean &&
          y.mean <= point.y.mean &&
          (x.mean < point.x.mean || y.mean < point.y.mean),
      ),
  }));
};

const findingOf = (points: readonly Point[], cost: MetricName, cast: Cast): string => {
  const best = points.filter(({ front }) => front).map(({ member }) => member);
  const named = best.filter(({ lead }) => lead).map(({ contender }) => contender.name);
  const rest = best.length - named.length;
  const front = listed([
    ...named,
    ...(rest === 0
      ? []
      : [`${rest} ${named.length === 0 ? 'of the contenders' : rest === 1 ? 'other' : 'others'}`]),
  ]);
  const why =
    cost === 'errorRate' ? 'All held the same servers, so failed requests stand in for cost. ' : '';
  const bound =
    cast.charted.length < cast.all.length
      ? ` Shown: ${cast.charted.length} of ${cast.all.length} contenders.`
      : '';
  return (
    `${why}Lower left is better; bars are 95 % intervals. No contender beats ` +
    `${front} on both counts at once.${bound}`
  );
};

const layersOf = (points: readonly Point[], cost: MetricName): readonly Layer[] => {
  const xAxis = aroundPoints(points.map(({ x }) => x));
  const yAxis = speedAxis(points.map(({ y }) => y));
  const x = positional('x', xAxis, {
    title: `${METRICS[cost].label} (lower is better)`,
    labelExpr: UNIT_LABELS[METRICS[cost].unit],
    tickCount: 5,
    domain: true,
  });
  const y = positional('y', yAxis, { labelExpr: UNIT_LABELS.ms });
  const values = rowsOf(points, xAxis, yAxis, cost);
  const front = points
    .filter((point) => point.front)
    .sort((a, b) => a.x.mean - b.x.mean)
    .map((point) => ({ x: point.x.mean, y: point.y.mean }));
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  const [leftward, rightward] = [true, false].map((flip) =>
    values.filter((row) => row.label !== '' && row.flip === flip),
  );
  const labels = (look: object): Layer[] => [
    label({ align: 'left', dx: 10, ...look }, rightward ?? [], x, y),
    label({ align: 'right', dx: -10, ...look }, leftward ?? [], x, y),
  ];
  return [
    {
      data: { values: front },
      mark: {
        type: 'line',
        interpolate: 'step-after',
        strokeDash: [3, 3],
        stroke: 'var(--muted)',
        strokeWidth: 1.2,
      },
      encoding: { x, y, order: { field: 'x' } },
    },
    {
      data: { values },
      mark: { type: 'rule', opacity: 0.7 },
      encoding: { x, y: { ...y, field: 'yLow' }, y2: { field: 'yHigh' }, stroke: colour },
    },
    {
      data: { values },
      mark: { type: 'rule', opacity: 0.7 },
      encoding: { x: { ...x, field: 'xLow' }, x2: { field: 'xHigh' }, y, stroke: colour },
    },
    ...labels(HALO),
    {
      data: { values },
      mark: {
        type: 'point',
        shape: 'circle',
        filled: true,
        size: 70,
        opacity: 1,
        stroke: 'var(--paper)',
        strokeWidth: 1.5,
        aria: true,
      },
      encoding: { x, y, fill: colour, description: { field: 'tip' } },
    },
    ...labels({}),
  ];
};

/** Behind each label, so that lines do not strike it through. */
const HALO = { stroke: 'var(--paper)', strokeWidth: 4, strokeJoin: 'round' };

const label = (look: object, values: readonly object[], x: object, y: object): Layer => ({
  data: { values },
  mark: { type: 'text', baseline: 'middle', fontWeight: 600, ...look },
  encoding: {
    x,
    y: { ...y, field: 'labelY' },
    text: { field: 'label' },
    color: { field: 'colour', type: 'nominal', scale: null },
  },
});

const rowsOf = (points: readonly Point[], xAxis: Axis, yAxis: Axis, cost: MetricName) => {
  const wanted = points.map(({ y }) => (1 - placeOn(yAxis, y.mean)) * HEIGHT);
  const named = points.map(({ member }) => member.lead);
  const spread = spreadLabels(
    wanted.filter((_, index) => named[index]),
    15,
    HEIGHT,
  );
  let next = 0;
  return points.map(({ member, x, y }, index) => {
    const place = named[index] === true ? (spread[next++] ?? 0) : (wanted[index] ?? 0);
    return {
      x: x.mean,
      xLow: Math.max(x.low ?? x.mean, xAxis.low),
      xHigh: x.high ?? x.mean,
      y: y.mean,
      yLow: y.low ?? y.mean,
      yHigh: y.high ?? y.mean,
      colour: member.colour,
      label: named[index] === true ? shorten(member.label, 26) : '',
      labelY: valueAt(yAxis, 1 - place / HEIGHT),
      flip: placeOn(xAxis, x.mean) > 0.55,
      tip: `${member.contender.name}: ${formatMetric(cost, x.mean)}, p99 ${formatMetric(SPEED, y.mean)}`,
    };
  });
};

/** Logarithmic where the slowest is many times as slow as the quickest. */
const speedAxis = (estimates: readonly Estimate[]): Axis => {
  const values = estimates.flatMap(ends);
  const low = Math.min(...values);
  return low > 0 && Math.max(...values) > MANY_TIMES * low
    ? logAxis(values)
    : aroundPoints(estimates);
};
const MANY_TIMES = 12;

/** Not from zero: differences may be parts of a large sum. Nor so close that a hair's breadth fills the chart. */
const aroundPoints = (estimates: readonly Estimate[]): Axis => {
  const values = estimates.flatMap(ends);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = Math.max((high - low) * 0.12, high * 0.01);
  return linearBetween(Math.max(0, low - pad), high + pad, 5);
};

const ends = ({ mean, low, high }: Estimate): number[] => [low ?? mean, mean, high ?? mean];
