/**
 * Two results files side by side, for a terminal: a table of the judged and the main differences with their verdicts, and
 * the one sentence that follows from the judged ones.
 */
import {
  formatDifference,
  formatDifferenceInterval,
  formatMetric,
  formatRelative,
} from '../core/format.ts';
import { METRICS } from '../core/metrics.ts';
import { pairAnswer, type Side } from '../results/answer/pair.ts';
import type { Comparison, ContenderResults, Results, Verdict } from '../results/results.ts';
import { mainMetrics } from './columns.ts';
import {
  columns,
  fit,
  padEnd,
  padStart,
  painter,
  plain,
  wrap,
  type Paint,
  type Tint,
} from './terminal.ts';
import type { TextOptions } from './text.ts';

/** Results and what they are called: their file. */
export interface Labelled {
  readonly label: string;
  readonly results: Results;
}

type Row = readonly { readonly text: string; readonly tint?: Tint | undefined }[];

const TINTS: { readonly [verdict in Verdict]?: Tint } = { better: 'green', worse: 'red' };
const LEFT_COLUMNS = 2;
const DISPENSABLE = [[2, 3], [5], [4]];

/** `rows`: the comparisons of `b` against `a`. */
export const renderComparison = (
  a: Labelled,
  b: Labelled,
  rows: readonly Comparison[],
  { width, color }: TextOptions,
): string => {
  const paint = painter(color);
  const room = Math.max(40, width);
  const shown = mainMetrics(a.results);
  const main = rows.filter(({ judged, metric }) => judged || shown.includes(metric));
  return [
    ...wrap(`${b.label} against ${a.label}: ${a.results.scenario.question}`, room).map((line) =>
      paint('bold', line),
    ),
    '',
    ...table([HEADS, ...main.map((row) => cellsOf(a, b, row))], room, paint),
    '',
    ...wrap(
      '* = judged, Holm-adjusted; the other rows are exploratory. Intervals are 95 %.',
      room,
    ).map((line) => paint('dim', line)),
    '',
    ...wrap(sentence(a, b, rows), room).map((line) => paint('bold', line)),
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

const cellsOf = (a: Labelled, b: Labelled, row: Comparison): Row => {
  const { baseline, contender, metric, judged, difference, relative, verdict } = row;
  const change = relative === null ? '' : ` (${formatRelative(relative.mean)})`;
  return [
    { text: plain(contender) },
    { text: METRICS[metric].label + (judged ? '*' : '') },
    { text: formatMetric(metric, named(a.results, baseline)?.metrics[metric]?.mean) },
    { text: formatMetric(metric, named(b.results, contender)?.metrics[metric]?.mean) },
    { text: formatDifference(metric, difference.mean) + change },
    { text: formatDifferenceInterval(metric, difference) },
    { text: verdict, tint: judged ? TINTS[verdict] : 'dim' },
  ];
};

/** Columns as wide as they need to be. Where not all fit, both levels go first, then interval and difference. */
const table = (rows: readonly Row[], width: number, paint: Paint): string[] => {
  const widths = HEADS.map((_, column) =>
    Math.max(...rows.map((row) => columns(row[column]?.text ?? ''))),
  );
  const most = Math.max(12, Math.floor(width * 0.3));
  widths[0] = Math.min(widths[0] ?? 0, most);
  const kept = new Set(HEADS.keys());
  const total = (): number =>
    [...kept].reduce((sum, column) => sum + (widths[column] ?? 0) + 2, -2);
  for (const group of DISPENSABLE) {
    if (total() > width) group.forEach((column) => kept.delete(column));
  }
  return rows.map((row) =>
    row
      .map(({ text, tint }, column) => {
        if (!kept.has(column)) return null;
        const size = widths[column] ?? 0;
        const padded =
          column < LEFT_COLUMNS || column === HEADS.length - 1
            ? padEnd(fit(text, size), size)
            : padStart(text, size);
        return tint === undefined ? padded : paint(tint, padded);
      })
      .filter((cell) => cell !== null)
      .join('  ')
      .trimEnd(),
  );
};

/** For one pair of contenders the answer of a report; for several the count of verdicts. */
const sentence = (a: Labelled, b: Labelled, rows: readonly Comparison[]): string => {
  const judged = rows.filter((row) => row.judged);
  const names = new Set(rows.map(({ contender }) => contender));
  const [row] = rows;
  const [one, other] = [named(a.results, row?.baseline), named(b.results, row?.contender)];
  if (names.size === 1 && one !== undefined && other !== undefined) {
    return pairAnswer(side(a, one), side(b, other), judged, a.results.scenario.margin);
  }
  const count = (verdict: Verdict): number =>
    judged.filter((each) => each.verdict === verdict).length;
  return `${b.label} is better than ${a.label} in ${count('better')}, worse in ${count('worse')}, equivalent in ${count('equivalent')} and undecided in ${count('undecided')} of ${judged.length} judged comparisons.`;
};

const side = ({ label }: Labelled, contender: ContenderResults): Side => ({
  ...contender,
  name: `${contender.name}, ${label}`,
});

const named = ({ contenders }: Results, name: string | undefined): ContenderResults | undefined =>
  contenders.find((contender) => contender.name === name);
