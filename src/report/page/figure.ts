/**
 * A chart on the page: title, legend, drawing, the sentence that says what it shows, and its figures as a table to
 * unfold. The drawing's text alternative is that sentence, so nobody gets less than the picture tells.
 */
import type { Chart, DataTable, LegendEntry } from '../charts/chart.ts';
import { draw } from '../charts/draw.ts';
import type { Limits } from '../limits.ts';
import { markup, NOTHING, type Markup } from '../markup.ts';
import { unbroken } from '../unbroken.ts';
import { dataTable } from './table.ts';

export const figure = async (chart: Chart, limits: Limits): Promise<Markup> =>
  markup`<figure class="chart">
    <h3>${chart.title}</h3>
    ${legend(chart.legend)} ${await draw(chart.plot, `${chart.title}. ${chart.finding}`)}
    <figcaption>${unbroken(chart.finding)}</figcaption>
    <details class="data">
      <summary>Figures of this chart</summary>
      ${dataTable(thinned(chart.table, limits.chartRows))}
    </details>
  </figure>`;

export const figures = async (charts: readonly Chart[], limits: Limits): Promise<Markup> =>
  markup`<div class="grid">${await Promise.all(charts.map((chart) => figure(chart, limits)))}</div>`;

export const legend = (entries: readonly LegendEntry[]): Markup =>
  entries.length === 0
    ? NOTHING
    : markup`<ul class="legend">
        ${entries.map((entry) => markup`<li>${swatch(entry)}${entry.text}</li>`)}
      </ul>`;

/** A stroke for a line, a box for a state. */
export const swatch = ({ colour, dash }: Pick<LegendEntry, 'colour' | 'dash'>): Markup =>
  colour.startsWith('url') || colour.startsWith('var(--state')
    ? markup`<svg class="swatch" viewBox="0 0 26 12" aria-hidden="true">
        <rect x="1" y="1" width="24" height="10" fill="${colour}" stroke="var(--axis)" />
      </svg>`
    : markup`<svg class="swatch" viewBox="0 0 26 12" aria-hidden="true">
        <path
          d="M1 6h24"
          stroke="${colour}"
          stroke-width="2.5"
          stroke-dasharray="${dash.join(' ')}"
        />
      </svg>`;

/** Every row, or every second, third, ... of a table that is too long. */
const thinned = ({ columns, rows }: DataTable, most: number): DataTable => {
  const step = Math.ceil(rows.length / most);
  return { columns, rows: rows.filter((_, index) => index % step === 0) };
};
