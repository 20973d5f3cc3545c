/** The time axis that every panel over time shares: the whole run, in the unit that suits its length. */
import { linearBetween, positional, type Axis } from './axis.ts';
import { HALF } from './chart.ts';

/** The top is what the names of faults need: see fault-bands.ts. */
export const MARGIN = { left: 60, right: 14, bottom: 36 };
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
