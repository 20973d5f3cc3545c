/** How the tails differ: the percentile plot, and beside it the percentiles people quote. */
import { formatMetric } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Results } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { percentilePlot } from '../charts/percentile-plot.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { runsOf } from '../ranking.ts';
import { figure, swatch } from './figure.ts';
import { sortableTable } from './table.ts';

const QUOTED: readonly MetricName[] = [
  'latencyMsP50',
  'latencyMsP90',
  'latencyMsP99',
  'latencyMsP999',
  'latencyMsMax',
];
const SHORT = ['p50', 'p90', 'p99', 'p99.9', 'max'];

export const tails = async (results: Results, cast: Cast, limits: Limits): Promise<Markup> => {
  const chart = percentilePlot(cast);
  if (chart === null) return NOTHING;
  const columns = [
    { head: 'contender', number: false },
    ...QUOTED.map((metric, index) => ({
      head: SHORT[index] ?? '',
      hint: METRICS[metric].definition,
      number: true,
    })),
  ];
  const rows = cast.charted.map((member) => [
    {
      content: markup`<span class="who">${swatch(member)}${member.contender.name}</span>`,
      sort: member.contender.name,
    },
    ...QUOTED.map((metric) => {
      const mean = member.contender.metrics[metric]?.mean;
      return { content: formatMetric(metric, mean), sort: mean ?? null };
    }),
  ]);
  return markup`<section id="tails">
    <h2>Tails</h2>
    <div class="grid">
      ${await figure(chart, limits)}
      <div>
        <h3>latency of completed requests</h3>
        ${sortableTable('Latency of completed requests', columns, rows)}
        <p class="note">
          From the intended arrival to the last byte the client saw. Failed requests are not in
          here; they count as
          errors.${runsOf(results) > 1 ? ' A percentile comes from each run’s own merged histogram, and is then averaged over seeds.' : ''}
        </p>
      </div>
    </div>
  </section>`;
};
