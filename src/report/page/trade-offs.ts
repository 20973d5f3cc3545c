/** What speed costs, and which differences are real. Both need someone to compare with. */
import type { Results } from '../../results/results.ts';
import type { Cast } from '../cast.ts';
import { forestChart } from '../charts/forest.ts';
import { paretoChart } from '../charts/pareto.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { figures } from './figure.ts';

export const tradeOffs = async (results: Results, cast: Cast, limits: Limits): Promise<Markup> => {
  const charts = [paretoChart(cast), forestChart(results, cast)].filter((chart) => chart !== null);
  if (charts.length === 0) return NOTHING;
  return markup`<section id="trade-offs">
    <h2>What it costs, and what is real</h2>
    ${await figures(charts, limits)}
  </section>`;
};
