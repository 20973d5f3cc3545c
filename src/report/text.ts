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
import { blockTable, stubRoom, type Column } from './block-table.ts';
import { castOf, firstJudged, foremost, type Cast, type Member } from './cast.ts';
import { tellingMetrics } from './columns.ts';
import { measuredSentence } from './lag.ts';
import { commonNote, intervalNote, marginNote, rankingNote } from './ranking.ts';
import { rowLabels } from './row-labels.ts';
import {
  columns,
  fit,
  padStart,
  painter,
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
/** Above the ranks. */
const RANK = ' #  ';
/** Objectives of so many contenders are ticked one by one; of more, only what is missed is told. */
const FEW = 3;

export const renderText = (results: Results, { width, color }: TextOptions): string => {
  const paint = painter(color);
  const cast = castOf(results);
  const room = Math.max(40, width);
  const parts = [
    paragraph(results.scenario.question, room, paint, 'bold'),
    measured(results, room, paint),
    warnings(results, room, paint),
    leaderboard(results, cast, room, paint),
    objectives(results, cast, room, paint),
    twinText(results, foremost(cast, MOST_ROWS), room, paint),
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
  const labels = rowLabels(results, shown, stubRoom(width) - RANK.length);
  const stub = {
    head: `${RANK}contender`,
    rows: shown.map((member) => nameLines(member, labels.of(member))),
  };
  const metrics = tellingMetrics(results);
  const table = metrics.map((metric) => columnOf(results, metric, shown));
  const left = cast.all.length - shown.length;
  const note = [
    rankingNote(results, firstJudged(results), shown),
    marginNote(results, metrics),
    intervalNote(results, ''),
    '* = judged.',
    labels.legend,
    commonNote(results),
    left > 0 ? `${left} further contenders are in the results file.` : null,
  ];
  const text = note.filter((sentence) => sentence !== null).join(' ');
  return [...blockTable(stub, table, width, paint), '', ...paragraph(text, width, paint, 'dim')];
};

/** Rank and name; below them what to know of it. */
const nameLines = ({ rank, contender, baseline }: Member, label: string): string[] => {
  const remarks = [contender.stable ? '' : 'UNSTABLE', baseline ? 'baseline' : ''].filter(
    (remark) => remark !== '',
  );
  return [
    `${padStart(rank === null ? '–' : String(rank), 2)}  ${label}`,
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

const objectives = (results: Results, cast: Cast, width: number, paint: Paint): string[] => {
  const bound = cast.all.filter(({ contender }) => contender.slo.length > 0);
  if (bound.length <= FEW) return ticksOf(results, foremost(cast, MOST_ROWS), width, paint);
  const passed = bound.filter(({ contender }) => contender.slo.every(({ met }) => met)).length;
  const count = `SLO: ${passed} of ${bound.length} contenders meet all of ${limitsOf(bound).join(', ')}.`;
  return [
    ...paragraph(count, width, paint, passed === bound.length ? 'green' : 'red'),
    ...ticksOf(results, missing(cast), width, paint),
  ];
};

/** Who misses objectives, with these alone. */
const missing = (cast: Cast): readonly Member[] =>
  foremost(cast, MOST_ROWS).map((member) => ({
    ...member,
    contender: { ...member.contender, slo: member.contender.slo.filter(({ met }) => !met) },
  }));

/** `p99 latency ≤ 500 ms`, each once. */
const limitsOf = (members: readonly Member[]): readonly string[] => [
  ...new Set(
    members.flatMap(({ contender }) =>
      contender.slo.map(({ metric, limit }) => {
        const bound = METRICS[metric].better === 'higher' ? '≥' : '≤';
        return `${METRICS[metric].label} ${bound} ${formatMetric(metric, limit)}`;
      }),
    ),
  ),
];

const ticksOf = (
  results: Results,
  members: readonly Member[],
  width: number,
  paint: Paint,
): string[] => {
  const labels = rowLabels(results, members, Math.floor(width * 0.45));
  return members.flatMap((member) => {
    const { contender } = member;
    if (contender.slo.length === 0) return [];
    const name = labels.of(member);
    const ticks = contender.slo.map(({ metric, limit, mean, met }) => {
      const estimate = contender.metrics[metric];
      const figure = estimate ? formatEstimate(metric, estimate) : formatMetric(metric, mean);
      const bound = METRICS[metric].better === 'higher' ? '≥' : '≤';
      const text = `${met ? '✓' : '✗'} ${METRICS[metric].label} ${figure} (${bound} ${formatMetric(metric, limit)})`;
      return { text: fit(`  ${text}`, width), tint: met ? ('green' as const) : ('red' as const) };
    });
    return together(`SLO ${name}`, ticks, width, paint);
  });
};

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
