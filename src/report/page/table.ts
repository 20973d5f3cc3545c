/** Tables: every one scrolls inside its own box, so the page never does sideways. */
import type { DataTable } from '../charts/chart.ts';
import { markup, NOTHING, type Fragment, type Markup } from '../markup.ts';

/** Figures of a chart. A row's `data-at` is its place on the x axis, which the cross-hair reads. */
export const dataTable = ({ columns, rows }: DataTable): Markup =>
  markup`<div class="scroll" tabindex="0">
    <table class="small">
      <thead>
        <tr>
          ${columns.map((column) => markup`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ cells, at }) =>
          at === undefined
            ? markup`<tr>
                ${cells.map(cell)}
              </tr>`
            : markup`<tr data-at="${Number(at.toFixed(4))}">
                ${cells.map(cell)}
              </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/** A longer table scrolls in its own box, under its heads. */
const MOST_ROWS = 14;

export interface Column {
  readonly head: Fragment;
  /** What the head says in full. */
  readonly hint?: string;
  /** Figures are set right and in tabular numbers. */
  readonly number: boolean;
}

export interface SortableCell {
  readonly content: Fragment;
  /** What the column sorts by; null sorts last. */
  readonly sort: number | string | null;
}

/** Sortable by a click on a head once the script runs; plain before that. */
export const sortableTable = (
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly SortableCell[])[],
): Markup =>
  markup`<div class="scroll${rows.length > MOST_ROWS ? ' long' : ''}" tabindex="0">
    <table data-sortable>
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ head, hint, number }) => markup`<th scope="col" ${number ? markup` class="num"` : ''}${hint === undefined ? '' : markup` title="${hint}"`}>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            markup`<tr>
              ${row.map(({ content, sort }, index) => markup`<td${columns[index]?.number === true ? markup` class="num"` : ''} data-sort="${sort ?? ''}">${content}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>${rows.length > MOST_ROWS ? scrollHint(rows.length, 'rows') : NOTHING}`;

/** Under a box whose lower edge may happen to be a row's: there is more. */
export const scrollHint = (many: number, what: string): Markup =>
  markup`<p class="hint">${many} ${what}; scroll the box for all of them.</p>`;

const cell = (text: string): Markup => markup`<td>${text}</td>`;
