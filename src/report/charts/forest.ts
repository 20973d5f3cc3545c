/**
 * Forest plot of paired differences against the baseline: one row a metric and contender, point and 95 % interval
 * relative to the baseline's mean, zero line, and behind each metric the margin inside which a difference would not
 * matter: that of an error rate or a short latency is often wider than its share of the baseline (results/margin.ts).
 * Colour only where the verdict is better or worse; `undecided` stays hollow, so chance never looks like a result.
 */
import { formatDifference, formatDifferenceInterval, formatRelative } from '../../core/format.ts';
import { METRICS } from '../../core/metrics.ts';
import { listed, quoted } from '../../results/answer/words.ts';
import { marginOf } from '../../results/margin.ts';
import type { Comparison, Results, Verdict } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { tellingMetrics } from '../columns.ts';
import { bandNote, hasBand } from './bands.ts';
import { HALF, type Chart } from './chart.ts';
import {
  axisFor,
  layersOf,
  leftFor,
  MARGIN,
  ROW,
  type Heading,
  type Row,
} from './forest-layers.ts';

/** Five contenders against the baseline, in seven metrics. */
const MOST_ROWS = 35;

/** Null without comparisons that a baseline other than 0 relates to. */
export const forestChart = (results: Results, cast: Cast): Chart | null => {
  const { rows, headings, notShown } = layOut(results, cast);
  if (rows.length === 0) return null;
  const height = (rows.length + headings.length) * ROW + 6;
  const baseline = results.contenders[0]?.name ?? '';
  const axis = axisFor(rows);
  const left = leftFor(rows);
  return {
    title: `differences against ${quoted(baseline)}`,
    finding: findingOf(rows, headings, baseline, results, notShown),
    legend: [],
    plot: {
      width: HALF - left - MARGIN.right,
      height,
      margin: { ...MARGIN, left },
      layers: layersOf(rows, headings, height, left, axis),
    },
    table: tableOf(rows, headings),
  };
};

const tableOf = (rows: readonly Row[], headings: readonly Heading[]): Chart['table'] => {
  const margins = new Map(headings.map((heading) => [heading.metric, marginText(heading)]));
  return {
    columns: [
      'contender',
      'metric',
      'difference',
      '95 % interval',
      'relative',
      'margin',
      'verdict',
    ],
    rows: rows.map(({ comparison }) => ({
      cells: [
        comparison.contender,
        METRICS[comparison.metric].label + (comparison.judged ? ' (judged)' : ''),
        formatDifference(comparison.metric, comparison.difference.mean),
        formatDifferenceInterval(comparison.metric, comparison.difference),
        formatRelative(comparison.relative?.mean),
        margins.get(comparison.metric) ?? '',
        comparison.verdict,
      ],
    })),
  };
};

/** `±0.1 points (±31 %)`. */
const marginText = ({ metric, margin, relativeMargin }: Heading): string =>
  `${formatDifference(metric, margin)} (${formatRelative(relativeMargin)})`.replaceAll('+', '±');

/** Rows under a heading per metric, top down; leads only, and no more than fit a page. */
const layOut = (results: Results, cast: Cast) => {
  const labels = new Map(cast.leads.map(({ contender, label }) => [contender.name, label]));
  const rows: Row[] = [];
  const headings: Heading[] = [];
  let line = 0;
  let notShown = 0;
  const comparisons = results.comparisons.map((row) => (hasBars(results) ? row : barless(row)));
  for (const metric of tellingMetrics(results)) {
    const all = comparisons.filter((row) => row.metric === metric);
    const some = all.filter(
      ({ contender, relative }) => labels.has(contender) && relative !== null,
    );
    const base = results.contenders[0]?.metrics[metric]?.mean ?? 0;
    if (some.length === 0 || base === 0 || rows.length + some.length > MOST_ROWS) {
      notShown += all.length;
      continue;
    }
    notShown += all.length - some.length;
    const margin = marginOf(metric, base, results.scenario.margin);
    headings.push({
      metric,
      judged: some[0]?.judged ?? false,
      y: line++ * ROW + ROW / 2,
      rows: some.length,
      margin,
      relativeMargin: margin / Math.abs(base),
    });
    for (const comparison of some)
      rows.push({
        comparison,
        label: labels.get(comparison.contender) ?? '',
        y: line++ * ROW + ROW / 2,
      });
  }
  return { rows, headings, notShown };
};

/** The same seeds stand behind every difference. */
const hasBars = ({ contenders: [baseline] }: Results): boolean =>
  baseline !== undefined && hasBand(baseline);

const barless = (row: Comparison): Comparison => ({
  ...row,
  relative: row.relative === null ? null : { mean: row.relative.mean, low: null, high: null },
});

const findingOf = (
  rows: readonly Row[],
  headings: readonly Heading[],
  baseline: string,
  results: Results,
  notShown: number,
): string => {
  const { scenario, contenders } = results;
  const count = (verdict: Verdict): number =>
    rows.filter(({ comparison }) => comparison.verdict === verdict).length;
  const floored = headings.filter(
    ({ relativeMargin }) => relativeMargin > scenario.margin * (1 + 1e-9),
  );
  const wider = floored.map((heading) => `${METRICS[heading.metric].label} ${marginText(heading)}`);
  const more = notShown > 0 ? ` ${notShown} further comparisons are in the results file.` : '';
  return (
    `Against ${quoted(baseline)}, of ${rows.length} differences ${count('better')} are better, ${count('worse')} worse, ` +
    `${count('equivalent')} equivalent and ${count('undecided')} undecided.` +
    `${hasBars(results) ? ' Bars are 95 % intervals, of judged metrics adjusted for their number.' : bandNote('Bars', contenders, false)} Shaded is the margin below which a difference does not matter: ` +
    `${formatRelative(scenario.margin).replace('+', '±')} of the baseline${wider.length === 0 ? '' : `, but never less than a floor, so for ${listed(wider)}`}.${more}`
  );
};
