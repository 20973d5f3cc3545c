/** Live against simulated: the percentiles of both laid over each other, and how far apart their figures are. */
import { formatDifference, formatMetric, formatRelative } from '../../core/format.ts';
import { METRICS } from '../../core/metrics.ts';
import type { Results, TwinError } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { twinPlot } from '../charts/twin-plot.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { figure, swatch } from './figure.ts';
import { sortableTable, type SortableCell } from './table.ts';

export const twin = async (results: Results, cast: Cast, limits: Limits): Promise<Markup> => {
  const rows = results.twin ?? [];
  if (rows.length === 0) return NOTHING;
  const chart = twinPlot(cast, rows);
  return markup`<section id="twin">
    <h2>Live against simulated</h2>
    <div class="grid">
      ${chart === null ? NOTHING : await figure(chart, limits)}
      <div>
        <h3>how far the simulator is off</h3>
        ${sortableTable(
          'Live against simulated',
          [
            { head: 'contender', number: false },
            { head: 'metric', number: false },
            { head: 'live', number: true },
            { head: 'simulated', number: true },
            { head: 'off by', hint: '(simulated - live) / live; shares in points', number: true },
          ],
          cast.all.slice(0, limits.contenders).flatMap((member) =>
            (rows.find(({ contender }) => contender === member.contender.name)?.errors ?? []).map(
              (error) => [
                {
                  content: markup`<span class="who">${swatch({ ...member, dash: [] })}${member.contender.name}</span>`,
                  sort: member.contender.name,
                },
                ...cellsOf(error),
              ],
            ),
          ),
        )}
        <p class="note">
          The same seeds in the simulator: the same requests at the same instants with the same work
          and the same faults. Means over seeds.
        </p>
      </div>
    </div>
  </section>`;
};

const cellsOf = ({ metric, live, sim, error }: TwinError): SortableCell[] => [
  { content: METRICS[metric].label, sort: METRICS[metric].label },
  { content: formatMetric(metric, live), sort: live },
  { content: formatMetric(metric, sim), sort: sim },
  {
    content:
      METRICS[metric].unit === 'share' ? formatDifference(metric, error) : formatRelative(error),
    sort: error === null ? null : Math.abs(error),
  },
];
