/**
 * Two results files side by side, for a terminal: a table of the judged and the main differences with their verdicts, and
 * the one sentence that follows from the judged ones.
 */
import {
  counted,
  formatDifferenceEstimate,
  formatDifferenceInterval,
  formatMetric,
  formatRelative,
} from '../core/format.ts';
import { METRICS, type MetricName } from '../core/metrics.ts';
import { pairAnswer, type Side } from '../results/answer/pair.ts';
import { matchResults, valuesOf, type Match } from '../results/compare.ts';
import type { Comparison, ContenderResults, Results, Run, Verdict } from '../results/results.ts';
import { mean, tInterval } from '../results/statistics.ts';
import { mainMetrics } from './columns.ts';
import { marginSentence } from './ranking.ts';
import { distinct } from './row-labels.ts';
import {
  columns,
  fit,
  padEnd,
  padStart,
  painter,
  paragraph,
  plain,
  wrap,
  type Cell,
  type Paint,
} from './terminal.ts';
import type { TextOptions } from './text.ts';
import { VERDICT_TINTS } from './tints.ts';

/** Results and what they are called: their file. */
export interface Labelled {
  readonly label: string;
  readonly results: Results;
}

type Row = readonly Cell[];

const LEFT_COLUMNS = 2;
const GAP = 2;

/** `rows`: the comparisons of `b` against `a`. */
export const renderComparison = (
  a: Labelled,
  b: Labelled,
  rows: readonly Comparison[],
  { width, color }: TextOptions,
): string => {
  const paint = painter(color);
  const room = Math.max(40, width);
  const matches = matchResults(a.results, b.results);
  const shown = mainMetrics(a.results);
  const main = rows.filter(({ judged, metric }) => judged || shown.includes(metric));
  return [
    ...paragraph(
      `${b.label} against ${a.label}: ${a.results.scenario.question}`,
      room,
      paint,
      'bold',
    ),
    '',
    ...table([HEADS, ...main.map((row) => cellsOf(row, matchOf(row, matches)))], room, paint),
    '',
    ...paragraph(
      [
        '* = judged, Holm-adjusted; the other rows are exploratory. Intervals are 95 %.',
        marginSentence([...new Set(main.map(({ metric }) => metric))], a.results.scenario.margin),
        ...basis(matches),
      ].join(' '),
      room,
      paint,
      'dim',
    ),
    '',
    ...paragraph(sentence(a, b, rows, matches), room, paint, 'bold'),
    '',
  ].join('\n');
};

const HEADS: Row = [
  'contender',
  'metric',
  'first',
  'then',
  'difference',
  'interval',
  'verdict',
].map((text) => ({ text, tint: 'dim' }));

const cellsOf = (row: Comparison, match: Match | undefined): Row => {
  const { contender, metric, judged, difference, relative, verdict } = row;
  const change = relative === null ? '' : ` (${formatRelative(relative.mean)})`;
  return [
    { text: plain(contender) },
    { text: METRICS[metric].label + (judged ? '*' : '') },
    { text: formatMetric(metric, meanOver(match?.baselineRuns, metric)) },
    { text: formatMetric(metric, meanOver(match?.contenderRuns, metric)) },
    { text: formatDifferenceEstimate(metric, difference) + change },
    { text: formatDifferenceInterval(metric, difference) },
    { text: verdict, tint: judged ? VERDICT_TINTS[verdict] : 'dim' },
  ];
};

const matchOf = (row: Comparison, matches: readonly Match[]): Match | undefined =>
  matches.find(
    ({ baseline, contender }) => baseline.name === row.baseline && contender.name === row.contender,
  );

/** Over the runs that are compared, so that both means and their difference agree. */
const meanOver = (runs: readonly Run[] = [], metric: MetricName): number | null => {
  const values = valuesOf(runs, metric);
  return values === null ? null : mean(values);
};

/** Says which seeds the figures are of, where they are not simply all. */
const basis = ([match]: readonly Match[]): string[] => {
  if (match === undefined) return [];
  const { isPaired, baseline, contender, baselineRuns } = match;
  const [a, b] = [baseline.runs.length, contender.runs.length];
  if (!isPaired) return a === b ? [] : [`Means are over ${a} and ${counted(b, 'seed')}, unpaired.`];
  const shared = baselineRuns.length;
  return shared === a && shared === b
    ? []
    : [`All figures are over the ${counted(shared, 'shared seed')}.`];
};

/** Columns as wide as they need to be; where not all fit side by side, each row takes two lines. */
const table = (rows: readonly Row[], width: number, paint: Paint): string[] => {
  const widths = HEADS.map((_, column) =>
    Math.max(...rows.map((row) => columns(row[column]?.text ?? ''))),
  );
  widths[0] = Math.min(widths[0]!, Math.max(12, Math.floor(width * 0.3)));
  const names = [...new Set(rows.map(([contender]) => contender?.text ?? ''))];
  const cut = distinct(names, widths[0]);
  const nameOf = new Map(names.map((name, index) => [name, cut[index] ?? name]));
  const total = widths.reduce((sum, size) => sum + size + GAP, -GAP);
  if (total > width) return rows.slice(1).flatMap((row) => folded(row, width, paint));
  return rows.map((row) =>
    row
      .map(({ text, tint }, column) => {
        const size = widths[column]!;
        const isText = column < LEFT_COLUMNS || column === HEADS.length - 1;
        const shown = column === 0 ? (nameOf.get(text) ?? text) : text;
        const padded = isText ? padEnd(fit(shown, size), size) : padStart(text, size);
        return tint === undefined ? padded : paint(tint, padded);
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
};

/** Who, what and the verdict; below it the figures. */
const folded = (row: Row, width: number, paint: Paint): string[] => {
  const [contender, metric, first, then, difference, interval, verdict] = row.map(
    ({ text }) => text,
  );
  const { tint } = row.at(-1)!;
  const rest = ` ${metric}${' '.repeat(GAP)}`;
  const head = fit(contender!, Math.max(1, width - columns(rest + verdict!))) + rest;
  return [
    `${head}${tint === undefined ? verdict! : paint(tint, verdict!)}`,
    ...wrap(`  ${first} to ${then}: ${difference} ${interval}`, width, '  '),
  ];
};

/** For one pair of contenders the answer of a report; for several the count of verdicts. */
const sentence = (
  a: Labelled,
  b: Labelled,
  rows: readonly Comparison[],
  matches: readonly Match[],
): string => {
  const judged = rows.filter((row) => row.judged);
  const [match] = matches;
  if (matches.length === 1 && match !== undefined) {
    const { baseline, baselineRuns, contender, contenderRuns } = match;
    const [one, other] = [side(a, baseline, baselineRuns), side(b, contender, contenderRuns)];
    return pairAnswer(one, other, judged, a.results.scenario.margin);
  }
  const count = (verdict: Verdict): number =>
    judged.filter((each) => each.verdict === verdict).length;
  return `${b.label} is better than ${a.label} in ${count('better')}, worse in ${count('worse')}, equivalent in ${count('equivalent')} and undecided in ${count('undecided')} of ${judged.length} judged comparisons.`;
};

/** A contender as it stands over the compared runs. */
const side = (
  { label, results }: Labelled,
  { name, stable }: ContenderResults,
  runs: readonly Run[],
): Side => ({
  name: `${name}, ${label}`,
  stable,
  runs,
  metrics: Object.fromEntries(
    results.scenario.judge.flatMap((metric) => {
      const values = valuesOf(runs, metric);
      return values === null ? [] : [[metric, tInterval(values)]];
    }),
  ),
});
