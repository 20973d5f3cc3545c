/**
 * The drawing of the forest plot: names on the left, verdicts on the right, between them points and bars over the
 * margin of their metric. The axis is made so that neither lies on the other.
 */
import {
  formatDifference,
  formatDifferenceInterval,
  formatNumber,
  formatRelative,
} from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Comparison, Verdict } from '../../results/results.ts';
import { linearBetween, positional, tickStep, type Axis } from './axis.ts';
import { HALF, type Layer } from './chart.ts';
import { fittedApart, widthOf } from './labels.ts';

export interface Row {
  readonly comparison: Comparison;
  /** The contender, as short as a chart needs it. */
  readonly label: string;
  readonly y: number;
}

export interface Heading {
  readonly metric: MetricName;
  readonly judged: boolean;
  readonly y: number;
  readonly rows: number;
  /** Below it a difference does not matter: in the metric's unit, and as a share of the baseline's mean. */
  readonly margin: number;
  readonly relativeMargin: number;
}

/** Without the left, which is what the names need. */
export const MARGIN = { right: 136, top: 8, bottom: 42 };
const LEFT = { least: 96, most: 166 };
export const ROW = 19;
const INDENT = 10;
/** Between the names, or the verdicts, and the outermost mark. */
const GAP = 12;
const COLOURS: Readonly<Record<Verdict, string>> = {
  better: 'var(--better)',
  worse: 'var(--worse)',
  equivalent: 'var(--muted)',
  undecided: 'var(--muted)',
};

export const layersOf = (
  rows: readonly Row[],
  headings: readonly Heading[],
  height: number,
  left: number,
  axis: Axis,
): readonly Layer[] => {
  const x = positional('x', axis, {
    title: 'relative difference',
    labelExpr: "format(datum.value * 100, datum.value == 0 ? '~g' : '+~g') + ' %'",
    grid: true,
    domain: false,
  });
  const y = {
    field: 'y',
    type: 'quantitative',
    scale: { domain: [0, height], reverse: true, nice: false },
    axis: null,
  };
  const values = rows.map((row) => valuesOf(row, axis));
  const names = fittedApart(
    rows.map(({ label }) => label),
    left - INDENT - GAP,
  );
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  return [
    {
      data: { values: headings.map((heading) => bandOf(heading, axis)) },
      mark: { type: 'rect', fill: 'var(--grid)', opacity: 0.7 },
      encoding: { x, x2: { field: 'x2' }, y, y2: { field: 'y2' } },
    },
    {
      data: { values: [{ x: 0 }] },
      mark: { type: 'rule', stroke: 'var(--axis)' },
      encoding: { x },
    },
    {
      data: { values },
      mark: { type: 'rule', strokeWidth: 2.2, opacity: 0.85 },
      encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, stroke: colour },
    },
    {
      data: { values },
      mark: { type: 'point', filled: true, opacity: 1, size: 46, strokeWidth: 1.6, aria: true },
      encoding: {
        x,
        y,
        fill: { ...colour, field: 'fill' },
        stroke: colour,
        shape: { field: 'shape', type: 'nominal', scale: null, legend: null },
        description: { field: 'tip' },
      },
    },
    words(
      headings.map(({ metric, judged, y: at }) => ({
        y: at,
        text: METRICS[metric].label + (judged ? ' · judged' : ''),
      })),
      -left,
      600,
      y,
    ),
    words(
      values.map(({ y: at }, index) => ({ y: at, text: names[index] ?? '' })),
      INDENT - left,
      400,
      y,
    ),
    {
      data: { values },
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'middle',
        x: HALF - left - MARGIN.right + GAP,
      },
      encoding: { y, text: { field: 'verdict' }, color: colour },
    },
  ];
};

/** Behind the rows of a metric; as wide as the chart where the margin is wider. */
const bandOf = ({ y, rows, relativeMargin }: Heading, axis: Axis) => ({
  x: Math.max(-relativeMargin, axis.low),
  x2: Math.min(relativeMargin, axis.high),
  y: y + ROW / 2,
  y2: y + ROW / 2 + rows * ROW,
});

const words = (values: readonly object[], at: number, weight: number, y: object): Layer => ({
  data: { values },
  mark: { type: 'text', align: 'left', baseline: 'middle', x: at, fontWeight: weight },
  encoding: { y, text: { field: 'text' } },
});

const valuesOf = ({ comparison, y }: Row, axis: Axis) => {
  const { verdict, relative, difference, metric, contender } = comparison;
  const clamp = (value: number): number => Math.min(Math.max(value, axis.low), axis.high);
  const mean = relative?.mean ?? 0;
  const beyond = mean > axis.high || mean < axis.low;
  return {
    y,
    x: clamp(mean),
    low: clamp(relative?.low ?? mean),
    high: clamp(relative?.high ?? mean),
    colour: COLOURS[verdict],
    fill: verdict === 'undecided' ? 'var(--paper)' : COLOURS[verdict],
    shape: beyond
      ? mean > 0
        ? 'triangle-right'
        : 'triangle-left'
      : verdict === 'equivalent'
        ? 'diamond'
        : 'circle',
    verdict: `${brief(mean)} ${verdict}`,
    tip: `${contender}, ${METRICS[metric].label}: ${formatDifference(metric, difference.mean)} (${formatDifferenceInterval(metric, difference)}), ${verdict}`,
  };
};

/** Two digits of a small difference are enough beside a dot, and `×223` of a large one; the table has the rest. */
const brief = (relative: number): string => {
  if (relative >= 10) return `×${formatNumber(1 + relative)}`;
  return formatRelative(Math.abs(relative) < 0.1 ? Number(relative.toPrecision(2)) : relative);
};

/** Units that the names need, within bounds. */
export const leftFor = (rows: readonly Row[]): number => {
  const needed = Math.max(...rows.map(({ label }) => widthOf(label))) + INDENT + GAP;
  return Math.min(Math.max(needed, LEFT.least), LEFT.most);
};

/**
 * Around all intervals and zero, but never beyond -100 % and +200 %: a tenfold error rate must not flatten the rest. At
 * least one tick on either side, so that nobody need guess which way is more.
 */
export const axisFor = (rows: readonly Row[]): Axis => {
  const ends = rows.flatMap(({ comparison: { relative } }) => [
    relative?.low ?? relative?.mean ?? 0,
    relative?.high ?? relative?.mean ?? 0,
  ]);
  const low = Math.max(-1, Math.min(-0.1, ...ends) * 1.12);
  const high = Math.min(2, Math.max(0.1, ...ends) * 1.08);
  return tickedBothWays(low, high);
};
const TICKS = 4;

const tickedBothWays = (low: number, high: number): Axis => {
  const step = tickStep(high - low, TICKS);
  return low <= -step && high >= step
    ? linearBetween(low, high, TICKS)
    : tickedBothWays(Math.min(low, -step), Math.max(high, step));
};
