/**
 * The leaderboard: one row a contender, judged metrics first. A cell holds the mean, its 95 % interval, and the difference
 * to the baseline with its verdict in colour and in words. Contenders that cannot be told apart share a rank.
 */
import {
  formatDifferenceEstimate,
  formatDifferenceInterval,
  formatEstimate,
  formatInterval,
  formatNumber,
  formatRelative,
} from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Comparison, Results } from '../../results/results.ts';
import { firstJudged, foremost, type Cast, type Member } from '../cast.ts';
import { leaderboardMetrics } from '../columns.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { commonNote, intervalNote, isTested, marginNote, rankingNote } from '../ranking.ts';
import { unbroken } from '../unbroken.ts';
import { swatch } from './figure.ts';
import { sortableTable, type Column, type SortableCell } from './table.ts';

export const leaderboard = (results: Results, cast: Cast, limits: Limits): Markup => {
  const metrics = leaderboardMetrics(results);
  const verdicts = new Map(
    results.comparisons.map((row) => [`${row.metric} ${row.contender}`, row]),
  );
  const columns: Column[] = [
    { head: '#', hint: 'rank by the first judged metric', number: true },
    { head: 'contender', number: false },
    ...metrics.map((metric) => headOf(results, metric)),
  ];
  const shown = foremost(cast, limits.contenders);
  const rows = shown.map((member) => [
    { content: member.rank ?? '–', sort: member.rank },
    { content: nameOf(member), sort: member.contender.name },
    ...metrics.map((metric) =>
      cellOf(member, metric, verdicts.get(`${metric} ${member.contender.name}`), isTested(results)),
    ),
  ]);
  return markup`<section id="leaderboard">
    <h2>Leaderboard</h2>
    <p class="lead">
      ${rankingNote(results, firstJudged(results), cast.ranked)}
      ${unbroken(marginNote(results, metrics) ?? '')}
      ${unbroken(intervalNote(results, 'Small figures are'))}
      ${unbroken(commonNote(results) ?? '')}
      ${cast.all.length > 1 ? 'Differences are paired by seed against the baseline; those of metrics that are not judged are exploratory.' : ''}
      ${shown.length < cast.all.length ? `The first ${shown.length} of ${cast.all.length} contenders are shown; the results file has all.` : ''}
    </p>
    ${sortableTable('Leaderboard', columns, rows)}
  </section>`;
};

const headOf = (results: Results, metric: MetricName): Column => ({
  head: markup`${METRICS[metric].label}${results.scenario.judge.includes(metric) ? markup`<small class="judged">judged</small>` : NOTHING}`,
  hint: `${METRICS[metric].definition}${DIRECTIONS[METRICS[metric].better]}`,
  number: true,
});

const DIRECTIONS = { lower: '; lower is better', higher: '; higher is better', none: '' } as const;

const nameOf = (member: Member): Markup =>
  markup`<span class="who">${swatch(member)}<b>${member.contender.name}</b></span
    >${
      member.baseline ? markup`<span class="ci">baseline</span>` : NOTHING
    }${member.contender.stable ? NOTHING : markup`<span class="worse">UNSTABLE: the backlog grew, not judged</span>`}`;

const cellOf = (
  member: Member,
  metric: MetricName,
  row: Comparison | undefined,
  tested: boolean,
): SortableCell => {
  const estimate = member.contender.metrics[metric];
  if (estimate === undefined) return { content: '–', sort: null };
  const interval =
    estimate.low === null
      ? NOTHING
      : markup`<span class="ci">${formatInterval(metric, estimate)}</span>`;
  return {
    content: markup`<b>${formatEstimate(metric, estimate)}</b
      >${interval}${row === undefined ? NOTHING : changeOf(row, tested)}`,
    sort: estimate.mean,
  };
};

/** `tested`: with enough seeds to say how many would settle it. */
const changeOf = (row: Comparison, tested: boolean): Markup => {
  const change =
    row.relative === null
      ? formatDifferenceEstimate(row.metric, row.difference)
      : formatRelative(row.relative.mean);
  const seeds =
    row.seedsToSettle === null || !tested
      ? ''
      : `; about ${formatNumber(row.seedsToSettle)} seeds would settle it`;
  const hint = `${formatDifferenceEstimate(row.metric, row.difference)} (${formatDifferenceInterval(row.metric, row.difference)})${row.judged ? ', adjusted for the number of judged comparisons' : ', exploratory'}${seeds}`;
  return markup`<span class="change ${row.verdict}" title="${hint}">${change} ${row.verdict}</span>`;
};
