/**
 * The data behind the page, embedded for the download buttons and for anyone who scrapes it: rounded means, bands and
 * runs, not the whole results file. It is dropped piece by piece until it fits its share of the page's megabyte, and
 * says what was left out.
 */
import { METRIC_NAMES } from '../../core/metrics.ts';
import type { Band, ContenderResults, Results, SeriesName } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import type { Limits } from '../limits.ts';
import { embeddedJson, markup, type Markup } from '../markup.ts';
import { detailed } from './details.ts';

export const data = (results: Results, cast: Cast, limits: Limits): Markup =>
  markup`<section id="data">
    <h2>Data</h2>
    <p class="lead">
      The figures of this page, rounded to six digits. The results file is the full record;
      <code>windtunnel report</code> redraws this page from it.
    </p>
    <p class="buttons" hidden>
      <button type="button" data-download="json">Download JSON</button>
      <button type="button" data-download="csv">Download CSV of all runs</button>
    </p>
    <script type="application/json" id="results">
      ${embeddedJson(fitting(results, cast, limits))}
    </script>
  </section>`;

interface Keep {
  readonly everyone: boolean;
  readonly runs: boolean;
  readonly seriesOfAll: boolean;
  readonly notes: boolean;
}

/** The richest version that keeps within the budget. */
const fitting = (results: Results, cast: Cast, limits: Limits): unknown => {
  const versions: readonly Keep[] = [
    { everyone: true, runs: true, seriesOfAll: true, notes: true },
    { everyone: true, runs: true, seriesOfAll: false, notes: true },
    { everyone: true, runs: true, seriesOfAll: false, notes: false },
    { everyone: true, runs: false, seriesOfAll: false, notes: false },
    { everyone: false, runs: false, seriesOfAll: false, notes: false },
  ];
  const made = versions.map((keep) => () => compact(results, cast, limits, keep));
  const first = made.find((make) => JSON.stringify(make()).length <= limits.data) ?? made.at(-1);
  return first?.();
};

const compact = (results: Results, cast: Cast, limits: Limits, keep: Keep): unknown => {
  const rich = new Set(detailed(cast, limits).map(({ contender }) => contender));
  const leads = new Set(cast.leads.map(({ contender }) => contender));
  return {
    format: 'windtunnel/report-data',
    version: 1,
    question: results.scenario.question,
    answer: results.answer,
    complete: results.complete,
    scenarioHash: results.scenarioHash,
    command: results.command,
    leftOut: leftOut(keep, rich.size < cast.all.length),
    metricNames: METRIC_NAMES,
    contenders: results.contenders
      .filter((contender) => keep.everyone || leads.has(contender))
      .map((contender) => ({
        name: contender.name,
        stable: contender.stable,
        cell: contender.cell,
        metrics: rounded(contender.metrics),
        slo: rounded(contender.slo),
        ...(keep.runs ? { runs: runsOf(contender) } : {}),
        ...(keep.seriesOfAll || leads.has(contender)
          ? { percentiles: rounded(contender.percentiles), series: seriesOf(contender) }
          : {}),
        ...(rich.has(contender) ? tablesOf(contender, limits, keep) : {}),
      })),
    comparisons: rounded(results.comparisons.filter(({ judged }) => judged && keep.everyone)),
  };
};

const leftOut = (keep: Keep, many: boolean): readonly string[] => [
  ...(keep.everyone ? [] : ['contenders that are not drawn', 'comparisons']),
  ...(keep.runs ? [] : ['single runs']),
  ...(keep.seriesOfAll ? [] : ['series and percentiles of contenders that are not drawn']),
  ...(keep.notes ? [] : ['notes']),
  ...(many ? ['tables of further contenders'] : []),
  'exploratory comparisons',
];

/** seed, then a value for each of `metricNames`; null where a run lacks one. */
const runsOf = ({ runs }: ContenderResults): unknown =>
  runs.map(({ seed, metrics }) => [
    seed,
    ...METRIC_NAMES.map((name) => round(metrics[name] ?? null)),
  ]);

const seriesOf = ({ series }: ContenderResults): unknown => ({
  binMs: series.binMs,
  at: series.at,
  bands: Object.fromEntries(
    (Object.entries(series.bands) as [SeriesName, Band][]).map(([name, { mean, low, high }]) => [
      name,
      { mean: mean.map(short), low: low.map(short), high: high.map(short) },
    ]),
  ),
});

const tablesOf = (contender: ContenderResults, limits: Limits, keep: Keep): object => ({
  policies: contender.policies,
  tools: rounded(contender.tools),
  servers: rounded(
    [...contender.servers].sort((a, b) => b.remarkable - a.remarkable).slice(0, limits.servers),
  ),
  sessions: rounded(contender.sessions),
  ...(keep.notes ? { notes: contender.runs[0]?.notes.slice(0, limits.notes) ?? [] } : {}),
});

const round = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(6));
const short = (value: number | null): number | null =>
  value === null ? null : Number(value.toPrecision(4));

/** A deep copy with every number rounded. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, item: unknown) =>
    typeof item === 'number' ? round(item) : item,
  ) as unknown;
