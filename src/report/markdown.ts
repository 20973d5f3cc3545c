/**
 * The results as Markdown for a pull request: the answer, what to beware of, one table, and the rest folded. Text from a
 * scenario is escaped for GitHub's dialect: no table can be broken, no HTML or link slipped in, nobody @mentioned.
 */
import {
  formatDifferenceEstimate,
  formatDifferenceInterval,
  formatEstimate,
  formatInterval,
  formatMetric,
  formatRelative,
} from '../core/format.ts';
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { Comparison, ContenderResults, Results } from '../results/results.ts';
import { invalidReason, qualified } from '../results/validity.ts';
import { castOf, firstJudged, foremost, type Cast, type Member } from './cast.ts';
import { tellingMetrics } from './columns.ts';
import { measuredSentence } from './lag.ts';
import { manifestLines } from './manifest-text.ts';
import { commonNote, intervalNote, marginNote, rankingNote } from './ranking.ts';
import { plain } from './terminal.ts';
import { briefPairsOf, figuresOf, TWIN_LEGEND, TWIN_TITLE } from './twin.ts';
import { unbroken } from './unbroken.ts';

const MOST_ROWS = 20;

export const renderMarkdown = (results: Results): string => {
  const cast = castOf(results);
  return [
    `### ${escape(results.scenario.question)}`,
    `**${unbroken(escape(qualified(results.answer, results)))}**`,
    ...caution(results),
    ...measured(results),
    leaderboard(results, cast),
    ...twin(results, cast),
    ...differences(results),
    ...manifests(results),
    footer(results),
  ]
    .join('\n\n')
    .concat('\n');
};

const caution = ({ warnings }: Results): string[] =>
  warnings.length === 0
    ? []
    : [['> [!WARNING]', ...warnings.map((line) => `> - ${unbroken(escape(line))}`)].join('\n')];

const measured = (results: Results): string[] => {
  const sentence = measuredSentence(results);
  return sentence === null ? [] : [unbroken(sentence)];
};

const leaderboard = (results: Results, cast: Cast): string => {
  const metrics = tellingMetrics(results);
  const { all } = cast;
  const slo = all.some(({ contender }) => contender.slo.length > 0);
  const heads = [
    '#',
    'contender',
    ...metrics.map((metric) => heading(results, metric)),
    ...(slo ? [invalidReason(results) === null ? 'SLO' : 'SLO (run invalid)'] : []),
  ];
  const shown = foremost(cast, MOST_ROWS);
  const rows = shown.map((member) => [
    member.rank === null ? '–' : String(member.rank),
    nameOf(member),
    ...metrics.map((metric) => figure(results, member.contender, metric)),
    ...(slo ? [objectives(member.contender)] : []),
  ]);
  const left = all.length - shown.length;
  return [
    line(heads),
    line(
      heads.map((_, index) =>
        index === 0 || (index > 1 && index < metrics.length + 2) ? '--:' : '---',
      ),
    ),
    ...rows.map(line),
    '',
    unbroken(
      [
        rankingNote(results, firstJudged(results), shown),
        marginNote(results, metrics),
        intervalNote(results, 'Brackets hold'),
        commonNote(results),
        left > 0 ? `${left} further contenders are in the results file.` : null,
      ]
        .filter((sentence) => sentence !== null)
        .join(' '),
    ),
  ].join('\n');
};

const heading = (results: Results, metric: MetricName): string =>
  METRICS[metric].label + (results.scenario.judge.includes(metric) ? ' (judged)' : '');

const nameOf = ({ contender, baseline }: Member): string =>
  escape(contender.name) +
  (baseline ? ' (baseline)' : '') +
  (contender.stable ? '' : ' **UNSTABLE**');

const figure = (results: Results, contender: ContenderResults, metric: MetricName): string => {
  const estimate = contender.metrics[metric];
  if (estimate === undefined) return '–';
  const interval = estimate.low === null ? '' : `<br>[${formatInterval(metric, estimate)}]`;
  const row = results.comparisons.find(
    (comparison) => comparison.contender === contender.name && comparison.metric === metric,
  );
  const decided = row !== undefined && row.judged ? `<br>${change(row)} **${row.verdict}**` : '';
  return formatEstimate(metric, estimate) + interval + decided;
};

const change = ({ metric, difference, relative }: Comparison): string =>
  relative === null ? formatDifferenceEstimate(metric, difference) : formatRelative(relative.mean);

const objectives = ({ slo }: ContenderResults): string =>
  slo
    .map(
      ({ metric, limit, met }) =>
        `${met ? '✅' : '❌'} ${METRICS[metric].label} ${bound(metric)} ${formatMetric(metric, limit)}`,
    )
    .join('<br>');

const bound = (metric: MetricName): string => (METRICS[metric].better === 'higher' ? '≥' : '≤');

/** The simulated twin of a live run. */
const twin = (results: Results, cast: Cast): string[] => {
  const pairs = briefPairsOf(foremost(cast, MOST_ROWS), results.twin);
  if (pairs.length === 0) return [];
  return [
    [
      `<details><summary>${TWIN_TITLE}</summary>`,
      '',
      line(['contender', 'metric', 'live', 'simulated', 'off by']),
      line(['---', '---', '--:', '--:', '--:']),
      ...pairs.flatMap(({ member, twin: { errors } }) =>
        errors.map((error) => {
          const { live, simulated, offBy } = figuresOf(error);
          const who = escape(member.contender.name);
          return line([who, METRICS[error.metric].label, live, simulated, offBy]);
        }),
      ),
      '',
      TWIN_LEGEND,
      '',
      '</details>',
    ].join('\n'),
  ];
};

const differences = (results: Results): string[] => {
  const metrics = tellingMetrics(results);
  const rows = results.comparisons.filter(({ metric }) => metrics.includes(metric)).slice(0, 60);
  if (rows.length === 0) return [];
  return [
    [
      '<details><summary>Differences against the baseline, paired by seed</summary>',
      '',
      line(['contender', 'metric', 'difference', '95 % interval', 'relative', 'verdict']),
      line(['---', '---', '--:', '--:', '--:', '---']),
      ...rows.map((row) =>
        line([
          escape(row.contender),
          METRICS[row.metric].label,
          formatDifferenceEstimate(row.metric, row.difference),
          formatDifferenceInterval(row.metric, row.difference),
          formatRelative(row.relative?.mean),
          row.judged ? `${row.verdict} (judged)` : row.verdict,
        ]),
      ),
      '',
      '</details>',
    ].join('\n'),
  ];
};

/** Where servers and policies come from a manifest, what it said. */
const manifests = ({ scenario }: Results): string[] => {
  const lines = manifestLines(scenario);
  if (lines.length === 0) return [];
  return [
    [
      '<details><summary>What the Kubernetes manifests said, and what had to be assumed</summary>',
      '',
      fenced('text', lines.join('\n')),
      '',
      '</details>',
    ].join('\n'),
  ];
};

const footer = ({ command, environment, scenarioHash, mode }: Results): string =>
  [
    fenced('sh', command.replace(/[\r\n]+/g, ' ')),
    '',
    `windtunnel ${escape(environment.windtunnel)}, ${mode}, scenario ${escape(scenarioHash)}`,
  ].join('\n');

/** As it is, between fences longer than any in it. */
const fenced = (language: string, text: string): string => {
  const fence = '`'.repeat(
    Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)),
  );
  return [fence + language, text, fence].join('\n');
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Entities for what HTML, tables, code and mentions are made of; a backslash for the rest of Markdown's marks. */
const escape = (text: string): string =>
  plain(text)
    .replace(/[&<>|`@]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/(?<!&)[\\*_[\]#~]/g, (mark) => `\\${mark}`)
    .replace(/(https?|ftp|www)(?=[:.])/gi, '$1&#8203;');
