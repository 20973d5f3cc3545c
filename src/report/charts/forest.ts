/**
 * Forest plot of paired differences against the baseline: one row a metric and contender, point and 95 % interval
 * relative to the baseline's mean, zero line, and the margin inside which a difference would not matter shaded. Colour
 * only where the verdict is better or worse; `undecided` stays hollow, so chance never looks like a result.
 */
import { formatDifference, formatDifferenceInterval, formatRelative } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Comparison, Results, Verdict } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { tellingMetrics } from '../columns.ts';
import { linearBetween, positional, type Axis } from './axis.ts';
import { HALF, type Chart, type Layer } from './chart.ts';
import { shorten } from './labels.ts';

interface Row {
  readonly comparison: Comparison;
  /** The contender, as short as a chart needs it. */
  readonly label: string;
  readonly y: number;
}

interface Heading {
  readonly metric: MetricName;
  readonly judged: boolean;
  readonly y: number;
}

const MARGIN = { left: 142, right: 122, top: 8, bottom: 40 };
const WIDTH = HALF + 20 - MARGIN.left - MARGIN.right;
const ROW = 19;
const MOST_ROWS = 30;
const COLOURS: Readonly<Record<Verdict, string>> = {
  better: 'var(--better)',
  worse: 'var(--worse)',
  equivalent: 'var(--muted)',
  undecided: 'var(--muted)',
};

/** Null without comparisons that a baseline other than 0 relates to. */
export const forestChart = (results: Results, cast: Cast): Chart | null => {
  const { rows, headings, left } = layOut(results, cast);
  if (rows.length === 0) return null;
  const height = (rows.length + headings.length) * ROW + 6;
  const baseline = results.contenders[0]?.name ?? '';
  return {
    title: `differences against ${baseline}`,
    finding: findingOf(rows, baseline, left),
    legend: [],
    plot: {
      width: WIDTH,
      height,
      margin: MARGIN,
      layers: layersOf(rows, headings, height, results),
    },
    table: {
      columns: ['contender', 'metric', 'difference', '95 % interval', 'relative', 'verdict'],
      rows: rows.map(({ comparison }) => ({
        cells: [
          comparison.contender,
          METRICS[comparison.metric].label + (comparison.judged ? ' (judged)' : ''),
          formatDifference(comparison.metric, comparison.difference.mean),
          formatDifferenceInterval(comparison.metric, comparison.difference),
          formatRelative(comparison.relative?.mean),
          comparison.verdict,
        ],
      })),
    },
  };
};

/** Rows under a heading per metric, top down; leads only, and no more than fit a page. */
const layOut = (results: Results, cast: Cast) => {
  const labels = new Map(cast.leads.map(({ contender, label }) => [contender.name, label]));
  const rows: Row[] = [];
  const headings: Heading[] = [];
  let line = 0;
  let left = 0;
  for (const metric of tellingMetrics(results)) {
    const all = results.comparisons.filter((row) => row.metric === metric && row.relative !== null);
    const some = all.filter(({ contender }) => labels.has(contender));
    left += all.length - some.length;
    if (some.length === 0 || rows.length + some.length > MOST_ROWS) continue;
    headings.push({ metric, judged: some[0]?.judged ?? false, y: line++ * ROW + ROW / 2 });
    for (const comparison of some)
      rows.push({
        comparison,
        label: labels.get(comparison.contender) ?? '',
        y: line++ * ROW + ROW / 2,
      });
  }
  return { rows, headings, left };
};

const findingOf = (rows: readonly Row[], baseline: string, left: number): string => {
  const count = (verdict: Verdict): number =>
    rows.filter(({ comparison }) => comparison.verdict === verdict).length;
  const more = left > 0 ? ` ${left} further comparisons are in the results file.` : '';
  return (
    `Against ${baseline}, of ${rows.length} differences ${count('better')} are better, ${count('worse')} worse, ` +
    `${count('equivalent')} equivalent and ${count('undecided')} undecided. Bars are 95 % intervals, of judged metrics ` +
    `adjusted for their number; the shaded band is the margin below which a difference does not matter.${more}`
  );
};

const layersOf = (
  rows: readonly Row[],
  headings: readonly Heading[],
  height: number,
  results: Results,
): readonly Layer[] => {
  const axis = axisFor(rows);
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
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  const margin = Math.min(results.scenario.margin, axis.high);
  return [
    {
      data: { values: [{ x: Math.max(-margin, axis.low), x2: margin }] },
      mark: { type: 'rect', fill: 'var(--grid)', opacity: 0.7 },
      encoding: { x, x2: { field: 'x2' } },
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
      -MARGIN.left + 2,
      600,
      y,
      'var(--ink)',
    ),
    words(
      values.map(({ y: at, name }) => ({ y: at, text: name })),
      -MARGIN.left + 12,
      400,
      y,
      'var(--ink)',
    ),
    {
      data: { values },
      mark: { type: 'text', align: 'left', baseline: 'middle', x: WIDTH + 10 },
      encoding: { y, text: { field: 'verdict' }, color: colour },
    },
  ];
};

const words = (
  values: readonly object[],
  at: number,
  weight: number,
  y: object,
  color: string,
): Layer => ({
  data: { values },
  mark: { type: 'text', align: 'left', baseline: 'middle', x: at, fontWeight: weight, color },
  encoding: { y, text: { field: 'text' } },
});

const valuesOf = ({ comparison, label, y }: Row, axis: Axis) => {
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
    name: shorten(label, 23),
    verdict: `${formatRelative(mean)} ${verdict}`,
    tip: `${contender}, ${METRICS[metric].label}: ${formatDifference(metric, difference.mean)} (${formatDifferenceInterval(metric, difference)}), ${verdict}`,
  };
};

/** Around all intervals and zero, but never beyond -100 % and +200 %: a tenfold error rate must not flatten the rest. */
const axisFor = (rows: readonly Row[]): Axis => {
  const ends = rows.flatMap(({ comparison: { relative } }) => [
    relative?.low ?? relative?.mean ?? 0,
    relative?.high ?? relative?.mean ?? 0,
  ]);
  const low = Math.max(-1, Math.min(-0.1, ...ends) * 1.12);
  const high = Math.min(2, Math.max(0.1, ...ends) * 1.08);
  return linearBetween(low, high, 4);
};
