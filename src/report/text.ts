/**
 * The results as a terminal shows them after a run: question, warnings, leaderboard with intervals and shared ranks, SLO
 * ticks, and last, where the eye rests, the answer. Columns that do not fit the width continue in a further block, so
 * that 60 columns show as much as 120.
 */
import { formatDifference, formatInterval, formatMetric, formatRelative } from '../core/format.ts';
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { Comparison, ContenderResults, Results } from '../results/results.ts';
import { castOf, firstJudged, type Cast, type Member } from './cast.ts';
import { tellingMetrics } from './columns.ts';
import { measuredSentence } from './lag.ts';
import { commonNote, intervalNote, rankingNote } from './ranking.ts';
import {
  columns,
  fit,
  padEnd,
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

export interface TextOptions {
  /** Columns of the terminal, at least 40. */
  readonly width: number;
  readonly color: boolean;
}

const MOST_ROWS = 20;
const GAP = 2;

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
    paragraph(results.answer, room, paint, 'bold'),
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

/** A metric's column: a heading of two lines, and three lines a contender. */
interface Column {
  readonly heads: readonly string[];
  readonly cells: readonly (readonly Cell[])[];
  readonly width: number;
}

const leaderboard = (results: Results, cast: Cast, width: number, paint: Paint): string[] => {
  const shown = cast.ranked.filter(({ baseline }, index) => baseline || index < MOST_ROWS);
  const names = shown.map(
    (member) =>
      `${padStart(member.rank === null ? '–' : String(member.rank), 2)}  ${plain(member.contender.name)}`,
  );
  const nameWidth = Math.min(Math.max(14, ...names.map(columns)), Math.floor(width * 0.38));
  const all = tellingMetrics(results).map((metric) => columnOf(results, metric, shown));
  const lines = blocksOf(all, width - nameWidth).flatMap((block, index) => [
    ...(index === 0 ? [] : ['']),
    ...blockLines(block, shown, names, nameWidth, paint),
  ]);
  const left = cast.all.length - shown.length;
  const note = [
    rankingNote(results, firstJudged(results), shown),
    intervalNote(results, ''),
    '* = judged.',
    commonNote(results),
    left > 0 ? `${left} further contenders are in the results file.` : null,
  ];
  const text = note.filter((sentence) => sentence !== null).join(' ');
  return [...lines, '', ...paragraph(text, width, paint, 'dim')];
};

const columnOf = (results: Results, metric: MetricName, members: readonly Member[]): Column => {
  const judged = results.scenario.judge.includes(metric);
  const heads = [METRICS[metric].label + (judged ? '*' : '')];
  const cells = members.map(({ contender, baseline }) =>
    cellsOf(results, contender, metric, baseline),
  );
  const width = Math.max(...heads.map(columns), ...cells.flat().map(({ text }) => columns(text)));
  return { heads, cells, width: width + GAP };
};

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
  const cells: Cell[] = [{ text: formatMetric(metric, estimate.mean), tint: 'bold' }];
  if (estimate.low !== null) cells.push({ text: formatInterval(metric, estimate), tint: 'dim' });
  if (row !== undefined)
    cells.push({ text: `${change(row)} ${row.verdict}`, tint: VERDICT_TINTS[row.verdict] });
  else if (baseline) cells.push({ text: 'baseline', tint: 'dim' });
  return cells;
};

const change = ({ metric, difference, relative }: Comparison): string =>
  relative === null ? formatDifference(metric, difference.mean) : formatRelative(relative.mean);

/** As many columns side by side as fit; at least one. */
const blocksOf = (all: readonly Column[], room: number): Column[][] => {
  const blocks: Column[][] = [];
  let used = Infinity;
  for (const column of all) {
    if (used + column.width > room) {
      blocks.push([]);
      used = 0;
    }
    blocks.at(-1)?.push(column);
    used += column.width;
  }
  return blocks;
};

const blockLines = (
  block: readonly Column[],
  members: readonly Member[],
  names: readonly string[],
  nameWidth: number,
  paint: Paint,
): string[] => {
  const head =
    padEnd(' #  contender', nameWidth) +
    block.map(({ heads, width }) => padStart(heads[0] ?? '', width)).join('');
  const rows = members.flatMap((member, index) => {
    const height = Math.max(1, ...block.map(({ cells }) => cells[index]?.length ?? 0));
    return Array.from({ length: height }, (_, line) =>
      [
        paint(
          line === 0 ? 'bold' : 'dim',
          padEnd(fit(nameLine(member, names[index] ?? '', line), nameWidth), nameWidth),
        ),
        ...block.map(({ cells, width }) => {
          const cell = cells[index]?.[line] ?? { text: '' };
          const text = padStart(cell.text, width);
          return cell.tint === undefined ? text : paint(cell.tint, text);
        }),
      ]
        .join('')
        .trimEnd(),
    );
  });
  return [paint('dim', head), ...rows];
};

const nameLine = (member: Member, name: string, line: number): string => {
  if (line === 0) return name;
  const remarks = [
    member.contender.stable ? '' : 'UNSTABLE',
    member.baseline ? 'baseline' : '',
  ].filter((remark) => remark !== '');
  return line === 1 && remarks.length > 0 ? `    ${remarks.join(', ')}` : '';
};

const objectives = (cast: Cast, width: number, paint: Paint): string[] => {
  const shown = cast.ranked.filter(({ baseline }, index) => baseline || index < MOST_ROWS);
  return shown.flatMap(({ contender }) => {
    if (contender.slo.length === 0) return [];
    const name = fit(plain(contender.name), Math.floor(width * 0.45));
    const ticks = contender.slo.map(({ metric, limit, mean, met }) => {
      const bound = METRICS[metric].better === 'higher' ? '≥' : '≤';
      const text = `${met ? '✓' : '✗'} ${METRICS[metric].label} ${formatMetric(metric, mean)} (${bound} ${formatMetric(metric, limit)})`;
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
