/** How the numbers came about: model, seeds, statistics, definitions, versions, the scenario as written, and how to redo it. */
import { METRIC_NAMES, METRICS, type MetricName } from '../../core/metrics.ts';
import { marginRule } from '../../results/margin.ts';
import type { Results } from '../../results/results.ts';
import { commonMetrics, leaderboardMetrics } from '../columns.ts';
import { manifestLines } from '../manifest-text.ts';
import { markup, type Markup } from '../markup.ts';
import { unbroken } from '../unbroken.ts';
import { formatSpan } from './verdict.ts';

const MOST_TEXT = 60_000;

export const method = (results: Results): Markup =>
  markup`<section id="method">
    <h2>Method</h2>
    <div class="prose">${model(results).map((paragraph) => markup`<p>${unbroken(paragraph)}</p>`)}</div>
    <h3>definitions</h3>
    <dl class="definitions">
      ${definitions(results).map(
        (metric) =>
          markup`<div>
            <dt>${METRICS[metric].label} <code>${metric}</code></dt>
            <dd>${METRICS[metric].definition}${BETTER[METRICS[metric].better]}</dd>
          </div>`,
      )}
    </dl>
    <h3>versions</h3>
    <dl class="policies">
      ${versions(results).map(
        ([name, value]) =>
          markup`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <h3>to reproduce</h3>
    <pre tabindex="0"><code>${results.command}</code></pre>
    ${servers(results)}
    <details>
      <summary>The scenario as written: ${results.source.file}</summary>
      <pre tabindex="0"><code>${results.source.text.slice(0, MOST_TEXT)}</code></pre>
      ${results.source.text.length > MOST_TEXT ? markup`<p class="note">Cut after ${MOST_TEXT} characters; the results file has it whole.</p>` : ''}
    </details>
  </section>`;

/** Where servers and policies come from a manifest, what it said. */
const servers = ({ scenario }: Results): Markup | '' => {
  const lines = manifestLines(scenario);
  if (lines.length === 0) return '';
  return markup`<details>
    <summary>What the Kubernetes manifests said, and what had to be assumed</summary>
    <pre tabindex="0"><code>${lines.join('\n')}</code></pre>
  </details>`;
};

const BETTER = { lower: '; lower is better', higher: '; higher is better', none: '' } as const;

const WORLDS: Readonly<Record<Results['mode'], string>> = {
  sim: 'Requests, servers and network were simulated event by event in virtual time; balancer, health checks, breakers and autoscaler are the real modules that serve traffic in the gateway.',
  live: 'Real processes served real HTTP on this machine; balancer, health checks, breakers and autoscaler are the real modules of the gateway.',
  load: 'A real deployment was put under load; its latency is measured from the intended start of each request.',
};

const LATENESS =
  'An open-loop driver sent each request at its intended instant, whatever the answers did, and latency counts from that instant to the last byte. How late the driver itself was is said above, for the worst run; a run is invalid when its lag p99 exceeds both 5 ms and 5 % of the median latency. Latency, errors and sessions are what the driver saw; attempts, breakers and servers what the gateway and the servers saw.';

const model = ({
  mode,
  scenario,
  contenders,
  independent,
  lag = [],
}: Results): readonly string[] => {
  const runs = contenders[0]?.runs ?? [];
  return [
    WORLDS[mode],
    ...(lag.length === 0 ? [] : [LATENESS]),
    ...(contenders.length < 2 ? [] : [demand(independent)]),
    `A run lasts ${formatSpan(scenario.duration)}; ${scenario.warmup > 0 ? `requests that arrived in the first ${formatSpan(scenario.warmup)} are in no metric` : 'nothing is cut as warm-up'}. The replication is the unit of the statistics: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} a contender, ${runs.length === 1 ? 'seed' : 'seeds'} ${seedList(runs.map(({ seed }) => seed))}.`,
    runs.length < 2
      ? 'A single run has no intervals: how far another seed would be from it is not known.'
      : 'Intervals of means are 95 % t intervals over runs.',
    ...(contenders.length < 2 ? [] : [verdicts(scenario)]),
  ];
};

const demand = (independent: boolean): string =>
  independent
    ? 'Contenders met independent demand: common random numbers were turned off, and differences are between independent runs.'
    : 'With the same seed every contender met the same demand and the same faults, request by request (common random numbers), so differences are paired by seed.';

const verdicts = ({ judge, margin }: Results['scenario']): string => {
  const judged = judge.map((metric) => METRICS[metric].label).join(' and ');
  return `The family of ${judged} times contenders is Holm-adjusted; all other differences are exploratory. "Better" and "worse" mean that the adjusted interval excludes 0 and the mean difference exceeds the margin, ${marginRule(METRIC_NAMES, margin)} (the share is one of the baseline, and for ranks of the best mean); "equivalent", that the interval lies inside the margin; all else is undecided. Equal ranks are contenders that such tests do not show to be worse than the best of their group.`;
};

/** `1 to 10` for a plain row, else the seeds themselves. */
const seedList = (seeds: readonly number[]): string => {
  const first = seeds[0] ?? 0;
  const row = seeds.every((seed, index) => seed === first + index);
  return row && seeds.length > 2
    ? `${first} to ${first + seeds.length - 1}`
    : seeds.slice(0, 40).join(', ') + (seeds.length > 40 ? ', ...' : '');
};

const definitions = (results: Results): readonly MetricName[] => [
  ...new Set<MetricName>([
    ...leaderboardMetrics(results),
    ...commonMetrics(results),
    'latencyMsP90',
    'latencyMsMax',
    'latencyMsP999',
    'toolErrorRate',
  ]),
];

const versions = ({
  environment,
  scenarioHash,
  source,
}: Results): readonly (readonly [string, string])[] => [
  ['windtunnel', environment.windtunnel],
  ['node', environment.node],
  ['platform', environment.platform],
  ['workers', String(environment.workers)],
  ['started', environment.startedAt],
  ['all runs took', formatSpan(environment.tookMs)],
  ['scenario', source.file],
  ['hash of demand and world', scenarioHash],
];
