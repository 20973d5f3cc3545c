/**
 * The results as a terminal shows them after a run: question, warnings, leaderboard with intervals and shared ranks, SLO
 * ticks, the simulated twin of a live run, and last, where the eye rests, the answer.
 */
import {
  formatDifferenceEstimate,
  formatEstimate,
  formatInterval,
  formatMetric,
  formatRelative,
} from '../core/format.ts';
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { Comparison, ContenderResults, Results } from '../results/results.ts';
import { qualified } from '../results/validity.ts';
import { blockTable, type Column } from './block-table.ts';
import { castOf, firstJudged, foremost, type Cast, type Member } from './cast.ts';
import { tellingMetrics } from './columns.ts';
import { measuredSentence } from './lag.ts';
import { commonNote, intervalNote, marginNote, rankingNote } from './ranking.ts';
import {
  columns,
  fit,
  padStart,
  painter,
  plain,
  paragraph,
  wrap,
  type Cell,
  type Paint,
  type Tint,
} from './terminal.ts';
import { VERDICT_TINTS } from './tints.ts';
import { twinText } from './twin-text.ts';

export interface TextOptions {
  /** Columns of the terminal, at least 40. */
  readonly width: number;
  readonly color: boolean;
}

const MOST_ROWS = 20;

export const renderText = (results: Results, { width, color }: TextOptions): string => {
  const paint = painter(color);
  const cast = castOf(results);
  const room = Math.max(40, width);
  const parts = [
    paragraph(results.scenario.question, room, paint, 'bold'),
    measured(results, room, paint),
    warnings(results, room, paint),
    leaderboard(results, cast, room, paint),
    objectives(cast, room, paint),
    twinText(foremost(cast, MOST_ROWS), results.twin, room, paint),
    paragraph(qualified(results.answer, results), room, paint, 'bold'),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const measured = (results: Results, width: number, paint: Paint): string[] => {
  const sentence = measuredSentence(results);
  return sentence === null ? [] : paragraph(sentence, width, paint, 'dim');
};

/** An interruption is among them: whoever summarises runs knows how many seeds there were to be. */
const warnings = (results: Results, width: number, paint: Paint): string[] =>
  results.warnings
    .flatMap((text) =>
      wrap(text, width, '  ').map((line, index) => (index === 0 ? `! ${line.slice(2)}` : line)),
    )
    .map((line) => paint('yellow', line));

const leaderboard = (results: Results, cast: Cast, width: number, paint: Paint): string[] => {
  const shown = foremost(cast, MOST_ROWS);
  const stub = { head: ' #  contender', rows: shown.map(nameLines) };
  const metrics = tellingMetrics(results);
  const table = metrics.map((metric) => columnOf(results, metric, shown));
  const left = cast.all.length - shown.length;
  const note = [
    rankingNote(results, firstJudged(results), shown),
    marginNote(results, metrics),
    intervalNote(results, ''),
    '* = judged.',
    commonNote(results),
    left > 0 ? `${left} further contenders are in the results file.` : null,
  ];
  const text = note.filter((sentence) => sentence !== null).join(' ');
  return [...blockTable(stub, table, width, paint), '', ...paragraph(text, width, paint, 'dim')];
};

/** Rank and name; below them what to know of it. */
const nameLines = ({ rank, contender, baseline }: Member): string[] => {
  const remarks = [contender.stable ? '' : 'UNSTABLE', baseline ? 'baseline' : ''].filter(
    (remark) => remark !== '',
  );
  return [
    `${padStart(rank === null ? '–' : String(rank), 2)}  ${plain(contender.name)}`,
    ...(remarks.length === 0 ? [] : [`    ${remarks.join(', ')}`]),
  ];
};

/** Three lines a contender. */
const columnOf = (results: Results, metric: MetricName, members: readonly Member[]): Column => ({
  head: METRICS[metric].label + (results.scenario.judge.includes(metric) ? '*' : ''),
  cells: members.map(({ contender, baseline }) => cellsOf(results, contender, metric, baseline)),
});

const cellsOf = (
  results: Results,
  contender: ContenderResults,
  metric: MetricName,
  baseline: boolean,
): Cell[] => {
  const estimate = contender.metrics[metric];
  if (estimate === undefined) return [{ text: '–' }];
  const row = results.comparisons.find(
    (comparison) => comparison.contender === contender.name && comparison.metric === metric,
  );
  const cells: Cell[] = [{ text: formatEstimate(metric, estimate), tint: 'bold' }];
  if (estimate.low !== null) cells.push({ text: formatInterval(metric, estimate), tint: 'dim' });
  if (row !== undefined)
    cells.push({ text: `${change(row)} ${row.verdict}`, tint: VERDICT_TINTS[row.verdict] });
  else if (baseline) cells.push({ text: 'baseline', tint: 'dim' });
  return cells;
};

const change = ({ metric, difference, relative }: Comparison): string =>
  relative === null ? formatDifferenceEstimate(metric, difference) : formatRelative(relative.mean);

const objectives = (cast: Cast, width: number, paint: Paint): string[] =>
  foremost(cast, MOST_ROWS).flatMap(({ contender }) => {
    if (contender.slo.length === 0) return [];
    const name = fit(plain(contender.name), Math.floor(width * 0.45));
    const ticks = contender.slo.map(({ metric, limit, mean, met }) => {
      const bound = METRICS[metric].better === 'higher' ? '≥' : '≤';
      const text = `${met ? '✓' : '✗'} ${METRICS[metric].label} ${formatMetric(metric, mean)} (${bound} ${formatMetric(metric, limit)})`;
      return { text: fit(`  ${text}`, width), tint: met ? ('green' as const) : ('red' as const) };
    });
    return together(`SLO ${name}`, ticks, width, paint);
  });

/** On one line if they fit, else one below the other. */
const together = (
  head: string,
  cells: readonly { readonly text: string; readonly tint: Tint }[],
  width: number,
  paint: Paint,
): string[] => {
  const painted = cells.map(({ text, tint }) => paint(tint, text));
  const whole = columns(head) + cells.reduce((sum, { text }) => sum + columns(text), 0);
  return whole <= width ? [head + painted.join('')] : [head, ...painted];
};
