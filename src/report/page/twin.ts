/** Live against simulated: the percentiles of both laid over each other, and how far apart their figures are. */
import { METRICS } from '../../core/metrics.ts';
import type { Results, TwinError } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { twinPlot } from '../charts/twin-plot.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { figuresOf, OFF_BY, pairsOf, TWIN_NOTE, TWIN_TITLE } from '../twin.ts';
import { figure, swatch } from './figure.ts';
import { sortableTable, type SortableCell } from './table.ts';

export const twin = async (results: Results, cast: Cast, limits: Limits): Promise<Markup> => {
  const rows = results.twin ?? [];
  if (rows.length === 0) return NOTHING;
  const chart = twinPlot(cast, rows);
  return markup`<section id="twin">
    <h2>${TWIN_TITLE}</h2>
    <div class="grid">
      ${chart === null ? NOTHING : await figure(chart, limits)}
      <div>
        <h3>how far the simulator is off</h3>
        ${sortableTable(
          TWIN_TITLE,
          [
            { head: 'contender', number: false },
            { head: 'metric', number: false },
            { head: 'live', number: true },
            { head: 'simulated', number: true },
            { head: 'off by', hint: OFF_BY, number: true },
          ],
          pairsOf(cast.all.slice(0, limits.contenders), rows).flatMap(
            ({ member, twin: { errors } }) =>
              errors.map((error) => [
                {
                  content: markup`<span class="who">${swatch({ ...member, dash: [] })}${member.contender.name}</span>`,
                  sort: member.contender.name,
                },
                ...cellsOf(error),
              ]),
          ),
        )}
        <p class="note">
          ${TWIN_NOTE}
        </p>
      </div>
    </div>
  </section>`;
};

const cellsOf = (error: TwinError): SortableCell[] => {
  const { label } = METRICS[error.metric];
  const { live, simulated, offBy } = figuresOf(error);
  return [
    { content: label, sort: label },
    { content: live, sort: error.live },
    { content: simulated, sort: error.sim },
    { content: offBy, sort: error.error === null ? null : Math.abs(error.error) },
  ];
};
