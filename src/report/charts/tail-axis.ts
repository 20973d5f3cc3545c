/** The axis on which tails are read: -log10(1 - q), with equal steps to 90, 99 and 99.9 per cent. */
import type { PercentilePoint } from '../../results/results.ts';
import { positional, type Axis } from './axis.ts';
import type { LinePoint } from './lines.ts';

const LABELLED = [0.5, 0.9, 0.99, 0.999, 0.9999];
/** Room beyond the deepest point. */
const ROOM = 1.02;

export const depth = (q: number): number => -Math.log10(1 - q);

export const positive = (value: number | null, otherwise: number): number =>
  value !== null && value > 0 ? value : otherwise;

/** Points that a log axis can show. */
export const drawable = (points: readonly PercentilePoint[]): readonly PercentilePoint[] =>
  points.filter(({ q, mean }) => q < 1 && mean > 0);

/** As deep as the deepest of `points`, at least one. */
export const tailAxis = (points: readonly PercentilePoint[]): Axis => {
  const deepest = Math.max(...points.map(({ q }) => depth(q)));
  return {
    kind: 'linear',
    low: 0,
    high: deepest * ROOM,
    ticks: LABELLED.map(depth).filter((tick) => tick <= deepest * ROOM),
  };
};

export const tailChannel = (axis: Axis): ReturnType<typeof positional> =>
  positional('x', axis, {
    title: 'percentile of completed requests',
    labelExpr:
      "datum.value < 0.5 ? '50 %' : datum.value < 1.5 ? '90 %' : datum.value < 2.5 ? '99 %' : datum.value < 3.5 ? '99.9 %' : '99.99 %'",
    grid: true,
  });

export const tailPoints = (points: readonly PercentilePoint[]): readonly LinePoint[] =>
  drawable(points).map(({ q, mean, low, high }) => ({
    x: depth(q),
    y: mean,
    low: positive(low, mean),
    high: high ?? mean,
  }));
