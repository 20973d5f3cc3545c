/**
 * A chart as data: a plot for Vega-Lite, a sentence that tells what it shows (caption and text alternative), a legend
 * and the same figures as a table. Charts are pure functions of Results that return this; draw.ts turns the plot into
 * SVG, page/figure.ts sets it on the page.
 *
 * Safety: text from a scenario enters a plot only as values of data rows, shown by text marks. It never becomes part
 * of a field name, an expression, a signal or a scale's program.
 */
export interface Chart {
  readonly title: string;
  readonly finding: string;
  readonly legend: readonly LegendEntry[];
  readonly plot: Plot;
  readonly table: DataTable;
}

export interface LegendEntry {
  readonly text: string;
  readonly colour: string;
  readonly dash: readonly number[];
}

/** The drawing area is `width` x `height` units inside `margin`; the page scales the whole to its column. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly margin: Margin;
  readonly layers: readonly Layer[];
}

export interface Margin {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A Vega-Lite unit or layer with its own data. */
export type Layer = Readonly<Record<string, unknown>>;

export interface DataTable {
  readonly columns: readonly string[];
  readonly rows: readonly DataRow[];
}

export interface DataRow {
  readonly cells: readonly string[];
  /** Where the row lies on the x axis, 0..1 of the drawing area: the page's cross-hair reads it. */
  readonly at?: number;
}

/** Width of a chart in half a page, in units; its text is 12 of them (labels.ts). */
export const HALF = 470;
