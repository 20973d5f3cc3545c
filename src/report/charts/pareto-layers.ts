/**
 * The drawing of the trade-off: dots with bars, the front as a dashed stair, and names beside their dots. Whoever has a
 * colour lies on top of whoever is grey, the best on top of all; grey ones on the front are named too.
 */
import { formatMetric } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Estimate } from '../../results/results.ts';
import type { Member } from '../cast.ts';
import { linearBetween, logAxis, placeOn, positional, UNIT_LABELS, valueAt } from './axis.ts';
import type { Axis } from './axis.ts';
import { extentOf, logExtentOf } from './bands.ts';
import { HALF, type Layer } from './chart.ts';
import { fitted } from './labels.ts';
import { placeLabels, type Obstacle } from './place-labels.ts';

export interface Point {
  readonly member: Member;
  readonly x: Estimate;
  readonly y: Estimate;
  /** Nobody is better on both. */
  readonly front: boolean;
}

export interface Axes {
  readonly x: Axis;
  readonly y: Axis;
  /** Some bar reaches beyond. */
  readonly cut: boolean;
}

export const SPEED: MetricName = 'latencyMsP99';
export const MARGIN = { left: 60, right: 18, top: 12, bottom: 42 };
export const WIDTH = HALF - MARGIN.left - MARGIN.right;
export const HEIGHT = 270;
const LONGEST_NAME = 190;
/** Half the size of a dot, and the gap between it and its name. */
const ROOM = 8;

export const axesOf = (points: readonly Point[]): Axes => {
  const [across, up] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [around(across), around(up)];
  return { x: x.axis, y: y.axis, cut: x.cut || y.cut };
};

export const layersOf = (
  points: readonly Point[],
  axes: Axes,
  cost: MetricName,
): readonly Layer[] => {
  const x = positional('x', axes.x, {
    title: `${METRICS[cost].label} (lower is better)`,
    labelExpr: UNIT_LABELS[METRICS[cost].unit],
    tickCount: 5,
    domain: true,
  });
  const y = positional('y', axes.y, { labelExpr: UNIT_LABELS.ms });
  const ordered = bottomUp(points);
  const values = ordered.map((point) => valuesOf(point, axes, cost));
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  const names = namesOf(ordered, axes);
  const texts = (look: object): Layer[] =>
    (['left', 'right', 'center'] as const).map((align) => ({
      data: { values: names.filter((name) => name.align === align) },
      mark: { type: 'text', baseline: 'middle', fontWeight: 600, align, ...look },
      encoding: { x, y, text: { field: 'text' }, color: colour },
    }));
  return [
    {
      data: { values: frontOf(points) },
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
    {
      data: { values: names.flatMap(({ leader }) => leader ?? []) },
      mark: { type: 'rule', strokeWidth: 0.8, opacity: 0.9 },
      encoding: { x, y, x2: { field: 'x2' }, y2: { field: 'y2' }, stroke: colour },
    },
    ...texts(HALO),
    {
      data: { values },
      mark: {
        type: 'point',
        shape: 'circle',
        filled: true,
        opacity: 1,
        stroke: 'var(--paper)',
        strokeWidth: 1.5,
        aria: true,
      },
      encoding: {
        x,
        y,
        fill: colour,
        size: { field: 'size', type: 'quantitative', scale: null, legend: null },
        description: { field: 'tip' },
      },
    },
    ...texts({}),
  ];
};

/** Behind each name, so that lines do not strike it through. */
const HALO = { stroke: 'var(--paper)', strokeWidth: 4, strokeJoin: 'round' };

/** Grey ones first, then the baseline, then the others that lead with the best last. */
const bottomUp = (points: readonly Point[]): readonly Point[] => {
  const storey = ({ member, front }: Point): number =>
    member.lead ? (member.baseline ? 2 : 3) : front ? 1 : 0;
  return points.toReversed().toSorted((a, b) => storey(a) - storey(b));
};

const frontOf = (points: readonly Point[]) =>
  points
    .filter(({ front }) => front)
    .map((point) => ({ x: point.x.mean, y: point.y.mean }))
    .sort((a, b) => a.x - b.x || b.y - a.y);

const colourOf = ({ member, front }: Point): string =>
  member.lead || !front ? member.colour : 'var(--muted)';

const valuesOf = (point: Point, axes: Axes, cost: MetricName) => {
  const { member, x, y } = point;
  return {
    x: x.mean,
    ...{ xLow: cutTo(axes.x, x.low ?? x.mean), xHigh: cutTo(axes.x, x.high ?? x.mean) },
    y: y.mean,
    ...{ yLow: cutTo(axes.y, y.low ?? y.mean), yHigh: cutTo(axes.y, y.high ?? y.mean) },
    colour: colourOf(point),
    size: member.lead ? 78 : 50,
    tip: `${member.contender.name}: ${formatMetric(cost, x.mean)}, p99 ${formatMetric(SPEED, y.mean)}`,
  };
};

const cutTo = (axis: Axis, value: number): number => Math.min(Math.max(value, axis.low), axis.high);

/** Names and the lines that lead to them, in values of the axes. */
const namesOf = (points: readonly Point[], axes: Axes) => {
  const across = (value: number): number => placeOn(axes.x, cutTo(axes.x, value)) * WIDTH;
  const down = (value: number): number => (1 - placeOn(axes.y, cutTo(axes.y, value))) * HEIGHT;
  const back = (x: number, y: number) => ({
    x: valueAt(axes.x, x / WIDTH),
    y: valueAt(axes.y, 1 - y / HEIGHT),
  });
  const obstacles = [
    ...points.flatMap((point): Obstacle[] => obstaclesOf(point, across, down)),
    ...stairOf(frontOf(points).map(({ x, y }) => ({ x: across(x), y: down(y) }))),
  ];
  const named = points.filter(({ member, front }) => member.lead || front).toReversed();
  const marks = named.map(({ member, x, y }) => ({
    x: across(x.mean),
    y: down(y.mean),
    text: fitted(member.label, LONGEST_NAME, true),
  }));
  const placed = placeLabels(marks, obstacles, { width: WIDTH, height: HEIGHT }, ROOM);
  return placed.flatMap(({ x, y, x2, y2, leader }, index) => {
    const [point, mark] = [named[index], marks[index]];
    if (point === undefined || mark === undefined) return [];
    const align = x >= mark.x ? 'left' : x2 <= mark.x ? 'right' : 'center';
    const anchor = { left: x, right: x2, center: (x + x2) / 2 }[align];
    const colour = colourOf(point);
    const end = leader === null ? null : back(leader.x2, leader.y2);
    return {
      ...back(anchor, (y + y2) / 2),
      align,
      text: mark.text,
      colour,
      leader:
        leader === null || end === null
          ? null
          : { ...back(leader.x, leader.y), x2: end.x, y2: end.y, colour },
    };
  });
};

const obstaclesOf = (
  { member, x, y }: Point,
  across: (value: number) => number,
  down: (value: number) => number,
): Obstacle[] => {
  const [atX, atY] = [across(x.mean), down(y.mean)];
  const dot = { x: atX - 6, x2: atX + 6, y: atY - 6, y2: atY + 6, weight: member.lead ? 20 : 8 };
  const weight = 3;
  return [
    dot,
    { x: across(x.low ?? x.mean), x2: across(x.high ?? x.mean), y: atY, y2: atY, weight },
    { x: atX, x2: atX, y: down(y.high ?? y.mean), y2: down(y.low ?? y.mean), weight },
  ];
};

const stairOf = (steps: readonly { readonly x: number; readonly y: number }[]): Obstacle[] =>
  steps.slice(1).flatMap((to, index) => {
    const from = steps[index] ?? to;
    return [
      { x: from.x, x2: to.x, y: from.y, y2: from.y, weight: 1 },
      { x: to.x, x2: to.x, y: from.y, y2: to.y, weight: 1 },
    ];
  });

/**
 * Logarithmic where the largest is many times the smallest, else a crowd at one end could not be told apart. Otherwise
 * not from zero: differences may be parts of a large sum; nor so close that a hair's breadth fills the chart.
 */
const around = (estimates: readonly Estimate[]): { axis: Axis; cut: boolean } => {
  const means = estimates.map(({ mean }) => mean);
  const least = Math.min(...means);
  if (least > 0 && Math.max(...means) > MANY_TIMES * least) {
    const extent = logExtentOf(estimates, 3);
    return { axis: logAxis([extent.low, extent.high], 1.2), cut: extent.cut };
  }
  const { low, high, cut } = extentOf(estimates, { span: 1, share: 0.3 });
  const pad = Math.max((high - low) * 0.12, high * 0.01);
  return { axis: linearBetween(Math.max(0, low - pad), high + pad, 5), cut };
};
const MANY_TIMES = 12;
