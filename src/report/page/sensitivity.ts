/** How the judged metrics answer to the axes of a matrix: a curve for one axis, maps for two and more. */
import { METRICS } from '../../core/metrics.ts';
import type { Results } from '../../results/results.ts';
import { heatMaps } from '../charts/heat-map.ts';
import { responseCurve } from '../charts/response-curve.ts';
import { cellsOf, figureOf } from '../charts/surface.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { isTested } from '../ranking.ts';
import { unbroken } from '../unbroken.ts';
import { figures } from './figure.ts';

export const sensitivity = async (results: Results, limits: Limits): Promise<Markup> => {
  const { matrix, judge } = results.scenario;
  if (matrix === null) return NOTHING;
  const charts = judge
    .map((metric) => {
      const curve = responseCurve(results, metric);
      return curve === null ? heatMaps(results, metric, limits.maps) : [curve];
    })
    .filter((group) => group.length > 0);
  if (charts.length === 0) return NOTHING;
  const rows = charts.every((group) => group.length === 1) ? [charts.flat()] : charts;
  const best = judge.flatMap((metric) => {
    const cell = cellsOf(results, metric).find((candidate) => candidate.best);
    return cell === undefined ? [] : [{ metric, cell }];
  });
  return markup`<section id="sensitivity">
    <h2>Which values</h2>
    <ul class="lead">
      ${best.map(({ metric, cell }) => markup`<li>Best${isTested(results) ? '' : ' so far'} ${METRICS[metric].label}: <strong>${cell.name}</strong> with ${unbroken(figureOf(metric, cell.estimate))}</li>`)}
    </ul>
    ${await Promise.all(rows.map((row) => figures(row, limits)))}
  </section>`;
};
