/**
 * Axes computed here and not by Vega: domain and ticks are then known to code that must place labels without overlap
 * or tell a cross-hair where it is, and several panels can share one axis exactly.
 */
import type { Unit } from '../../core/metrics.ts';

export interface Axis {
  readonly kind: 'linear' | 'log';
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** From zero (or `from`) to a little above the largest value. */
export const linearAxis = (values: readonly number[], from = 0, count = 4): Axis => {
  const high = Math.max(from + Number.EPSILON, ...values);
  return linearBetween(from, high > from + 1e-12 ? from + (high - from) * 1.06 : from + 1, count);
};

/** Exactly this domain, with round ticks inside. */
export const linearBetween = (low: number, high: number, count = 4): Axis => {
  const step = tickStep(high - low, count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    clean((first + index) * step),
  );
  return { kind: 'linear', low, high, ticks };
};

/** A round step that divides `span` into about `count`. */
export const tickStep = (span: number, count: number): number => roundStep(span / count);

/** Around the values, which must be above 0, with ticks at 1, 2 and 5 (or at powers of ten when there are many). */
export const logAxis = (values: readonly number[], pad = 1.08): Axis => {
  const low = Math.min(...values) / pad;
  const high = Math.max(...values) * pad;
  const decades = Math.log10(high / low);
  const steps = decades > 3 ? [1] : decades > 0.7 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
    for (const step of steps) ticks.push(clean(step * 10 ** power));
  return { kind: 'log', low, high, ticks: ticks.filter((tick) => tick >= low && tick <= high) };
};

/** Logarithmic when the values span more than `decade` times, else linear from zero. */
export const fittingAxis = (values: readonly number[], decade = 12): Axis => {
  const positive = values.filter((value) => value > 0);
  const spans = Math.max(...positive) / Math.min(...positive);
  return positive.length > 0 && positive.length === values.length && spans > decade
    ? logAxis(values)
    : linearAxis(values);
};

/** Where a value lies, 0..1 of the axis. */
export const placeOn = (axis: Axis, value: number): number => {
  const [low, at, high] =
    axis.kind === 'log' ? [axis.low, value, axis.high].map(Math.log) : [axis.low, value, axis.high];
  return ((at ?? 0) - (low ?? 0)) / ((high ?? 1) - (low ?? 0));
};

/** The value at a place 0..1: the inverse of `placeOn`. */
export const valueAt = (axis: Axis, place: number): number =>
  axis.kind === 'log'
    ? axis.low * (axis.high / axis.low) ** place
    : axis.low + (axis.high - axis.low) * place;

/** A Vega-Lite position channel on this axis. */
export const positional = (
  field: string,
  axis: Axis,
  labels: Readonly<Record<string, unknown>> | null,
): Readonly<Record<string, unknown>> => ({
  field,
  type: 'quantitative',
  scale: { type: axis.kind, domain: [axis.low, axis.high], nice: false, zero: false },
  axis: labels === null ? null : { values: axis.ticks, title: null, ...labels },
});

/** Vega expressions for tick labels: constants of this file. */
export const UNIT_LABELS: Readonly<Record<Unit, string>> = {
  ms: "datum.value >= 1000 ? format(datum.value / 1000, '.4~g') + ' s' : format(datum.value, '.4~g') + ' ms'",
  s: "format(datum.value, ',.6~g') + ' s'",
  share: "format(datum.value * 100, '.3~g') + ' %'",
  perSecond: "format(datum.value, ',.6~g') + '/s'",
  count: "format(datum.value, ',.6~g')",
  ratio: "format(datum.value, '.4~g')",
};

const roundStep = (rough: number): number => {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return step * power;
};

/** Without the dust of binary fractions: 0.30000000000000004 is a tick of 0.3. */
const clean = (value: number): number => Number(value.toPrecision(12));
