/**
 * Numbers as people read them, the same in the answer, the terminal, Markdown and HTML. Three significant digits (an
 * interval gets as many more as tell its ends apart, both ends equally many), no trailing zeros, thousands set apart, the
 * unit said once: `412 ms`, `12.4 s`, `6.1 %`, `118/s`, `398 to 426 ms`. A mean beside its interval has the interval's
 * digits, so that it is never rounded out of it. A difference carries its sign, and a difference of shares is told in
 * percentage points, so that "5 % more errors" is never left open. No locale is asked: same bytes everywhere.
 */
import { METRICS, type MetricName, type Unit } from './metrics.ts';

/** What stands where there is no figure. */
export const NO_VALUE = '–';

/** Shape of an interval; structurally that of an `Estimate` of the results. */
interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** Shape of a mean with its interval. */
interface Estimate extends Interval {
  readonly mean: number;
}

/** A figure of the given unit, e.g. `6.1 %` for the share 0.061. */
export const formatUnit = (unit: Unit, value: number | null | undefined): string =>
  isFigure(value) ? write([value], scaleOf(unit, value)) : NO_VALUE;

/** A metric's figure, e.g. `412 ms`. */
export const formatMetric = (metric: MetricName, value: number | null | undefined): string =>
  formatUnit(METRICS[metric].unit, value);

/** A signed difference of two figures, e.g. `+12 ms`; of shares in percentage points: `−6.1 points`. */
export const formatDifference = (metric: MetricName, value: number | null | undefined): string =>
  isFigure(value) ? write([value], asDifference(METRICS[metric].unit, value), true) : NO_VALUE;

/** What of an interval is possible: nothing is below zero and no share above one, whatever a t interval of few runs says. */
export const possible = (metric: MetricName, { low, high }: Interval): Interval => {
  const most = METRICS[metric].unit === 'share' ? 1 : Infinity;
  const within = (value: number | null): number | null =>
    value === null ? null : Math.min(Math.max(value, 0), most);
  return { low: within(low), high: within(high) };
};

/**
 * `398 to 426 ms`, as far as it is possible; `3,840 ± 0 s` where all runs agree; a dash where a single run has no interval.
 */
export const formatInterval = (metric: MetricName, interval: Interval): string => {
  const ends = endsOf(possible(metric, interval));
  return ends === null ? NO_VALUE : writeEnds(ends, scaleOf(METRICS[metric].unit, ends[1]));
};

/** `−6.4 to −5.8 points`. */
export const formatDifferenceInterval = (metric: MetricName, interval: Interval): string => {
  const ends = endsOf(interval);
  return ends === null ? NO_VALUE : writeEnds(ends, differenceScale(metric, ends), true);
};

/** A mean with the digits of its interval: `99.987 %` beside `99.983 to 99.990 %`; without one as any other figure. */
export const formatEstimate = (metric: MetricName, estimate: Estimate): string => {
  const ends = endsOf(possible(metric, estimate));
  if (ends === null || !isFigure(estimate.mean)) return formatMetric(metric, estimate.mean);
  return writeWithin(estimate.mean, ends, scaleOf(METRICS[metric].unit, ends[1]));
};

/** The same of a signed difference: `−6.1 points` beside `−6.4 to −5.8 points`. */
export const formatDifferenceEstimate = (metric: MetricName, estimate: Estimate): string => {
  const ends = endsOf(estimate);
  if (ends === null || !isFigure(estimate.mean)) return formatDifference(metric, estimate.mean);
  return writeWithin(estimate.mean, ends, differenceScale(metric, ends), true);
};

/** A signed relative change: `−12.5 %` for −0.125. */
export const formatRelative = (value: number | null | undefined): string =>
  isFigure(value) ? write([value], PERCENT, true) : NO_VALUE;

/** A plain number: three significant digits, thousands set apart. */
export const formatNumber = (value: number | null | undefined): string =>
  formatUnit('ratio', value);

interface Scale {
  readonly factor: number;
  readonly suffix: string;
  /** Counts of 100 and more are told whole anyway; this bounds the digits behind the point. */
  readonly mostDecimals: number;
}

const PERCENT: Scale = { factor: 100, suffix: ' %', mostDecimals: 3 };
const POINTS: Scale = { factor: 100, suffix: ' points', mostDecimals: 3 };
const SCALES: Readonly<Record<Unit, Scale>> = {
  ms: { factor: 1, suffix: ' ms', mostDecimals: 3 },
  s: { factor: 1, suffix: ' s', mostDecimals: 3 },
  share: PERCENT,
  perSecond: { factor: 1, suffix: '/s', mostDecimals: 3 },
  count: { factor: 1, suffix: '', mostDecimals: 2 },
  ratio: { factor: 1, suffix: '', mostDecimals: 3 },
};
const LONG: Scale = { factor: 0.001, suffix: ' s', mostDecimals: 3 };

const isFigure = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** Ten seconds and more are told in seconds. */
const scaleOf = (unit: Unit, largest: number): Scale =>
  unit === 'ms' && Math.abs(largest) >= 10_000 ? LONG : SCALES[unit];

const asDifference = (unit: Unit, largest: number): Scale =>
  unit === 'share' ? POINTS : scaleOf(unit, largest);

type Ends = readonly [number, number];

const endsOf = ({ low, high }: Interval): Ends | null =>
  isFigure(low) && isFigure(high) ? [low, high] : null;

const differenceScale = (metric: MetricName, [low, high]: Ends): Scale =>
  asDifference(METRICS[metric].unit, Math.max(Math.abs(low), Math.abs(high)));

const write = (values: readonly number[], scale: Scale, signed = false): string => {
  const scaled = values.map((value) => value * scale.factor);
  const decimals = decimalsFor(scaled, scale.mostDecimals);
  return withUnit(
    scaled.map((value) => digits(value, decimals, signed)),
    scale,
  );
};

/** Both ends with equally many digits behind the point. */
const writeEnds = (ends: Ends, scale: Scale, signed = false): string => {
  const scaled = ends.map((value) => value * scale.factor);
  const decimals = sharedDecimals(scaled, scale.mostDecimals);
  const [low, high] = scaled.map((value) => fixed(value, decimals, signed));
  return low === high ? withUnit([`${low} ± 0`], scale) : withUnit([low!, high!], scale);
};

const writeWithin = (mean: number, ends: Ends, scale: Scale, signed = false): string => {
  const decimals = sharedDecimals(
    ends.map((value) => value * scale.factor),
    scale.mostDecimals,
  );
  return withUnit([fixed(mean * scale.factor, decimals, signed)], scale);
};

const withUnit = (texts: readonly string[], scale: Scale): string => {
  const text = texts.join(' to ');
  const one = scale === POINTS && /^[+−]?1$/.test(text);
  return text + (one ? ' point' : scale.suffix);
};

/** Digits behind the point: three significant ones of the largest, or as many as tell the ends of an interval apart. */
const decimalsFor = (values: readonly number[], most: number): number => {
  const largest = Math.max(...values.map(Math.abs));
  const width = Math.max(...values) - Math.min(...values);
  const significant = largest > 0 ? 2 - Math.floor(Math.log10(largest)) : 0;
  const apart = width > 0 ? Math.ceil(-Math.log10(width)) : 0;
  return Math.min(Math.max(significant, apart, 0), most);
};

/** The same, without zeros that all of them would end in. */
const sharedDecimals = (values: readonly number[], most: number): number => {
  const decimals = decimalsFor(values, most);
  const fractions = values.map((value) => digits(value, decimals, false).split('.')[1] ?? '');
  return Math.max(...fractions.map(({ length }) => length));
};

/** With so many digits behind the point, zeros too; nothing at all is a plain 0. */
const fixed = (value: number, decimals: number, signed: boolean): string => {
  const text = digits(value, decimals, signed);
  if (decimals === 0 || Number(value.toFixed(decimals)) === 0) return text;
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(decimals, '0')}`;
};

const digits = (value: number, decimals: number, signed: boolean): string => {
  const [whole = '0', fraction = ''] = Math.abs(value).toFixed(decimals).split('.');
  const kept = fraction.replace(/0+$/, '');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (kept === '' ? '' : `.${kept}`);
  if (text === '0') return text;
  return (value < 0 ? '−' : signed ? '+' : '') + text;
};

/** `1 seed`, `2 seeds`. */
export const counted = (many: number, noun: string): string =>
  `${many} ${noun}${many === 1 ? '' : 's'}`;
