/** The time axis that every panel over time shares: the whole run, in the unit that suits its length. */
import { linearBetween, positional, type Axis } from './axis.ts';
import type { FaultSpan } from '../../results/results.ts';
import { HALF, type Layer } from './chart.ts';
import { shorten } from './labels.ts';

export const MARGIN = { left: 58, right: 14, top: 18, bottom: 32 };
export const WIDTH = HALF - MARGIN.left - MARGIN.right;

export interface Clock {
  readonly axis: Axis;
  /** Milliseconds in one unit of the axis. */
  readonly unitMs: number;
  readonly unit: 's' | 'min' | 'h';
}

export const clockOf = (durationMs: number): Clock => {
  const [unit, unitMs] =
    durationMs <= 180_000
      ? (['s', 1000] as const)
      : durationMs <= 3 * 3_600_000
        ? (['min', 60_000] as const)
        : (['h', 3_600_000] as const);
  return { axis: linearBetween(0, durationMs / unitMs, 6), unitMs, unit };
};

export const timeChannel = ({ axis, unit }: Clock): Readonly<Record<string, unknown>> =>
  positional('x', axis, {
    labelExpr: "format(datum.value, '~g')",
    title: `time, ${unit}`,
    titlePadding: 2,
  });

/** Shaded bands where faults held; labelled where there is room for it. */
export const faultBands = (
  faults: readonly FaultSpan[],
  clock: Clock,
  x: object,
  labelled: boolean,
): readonly Layer[] => {
  const values = faults.map(({ label, from, to }) => {
    const [start, end] = [from, to].map((at) => Math.min(at / clock.unitMs, clock.axis.high));
    const room = (((end ?? 0) - (start ?? 0)) / clock.axis.high) * WIDTH;
    return { x: start, x2: end, text: room > 40 ? shorten(label, Math.floor(room / 5.4)) : '' };
  });
  const bands: Layer = {
    data: { values },
    mark: { type: 'rect', fill: 'var(--fault)' },
    encoding: { x, x2: { field: 'x2' } },
  };
  const names: Layer = {
    data: { values: values.filter(({ text }) => text !== '') },
    mark: {
      type: 'text',
      align: 'left',
      baseline: 'bottom',
      y: -3,
      fontSize: 10,
      color: 'var(--fault-ink)',
    },
    encoding: { x, text: { field: 'text' } },
  };
  return labelled ? [bands, names] : [bands];
};
