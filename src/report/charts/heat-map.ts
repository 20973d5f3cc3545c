/**
 * Two axes of a matrix as a map: seven steps of one hue (the further from the page's own colour, the worse, so it reads
 * without colour; no step is narrower than the margin, so that differences that do not matter look alike), the figure in
 * each cell, a thick line where the SLO begins to be missed, a star at the best cell, and hatching over every cell that
 * the statistics cannot tell apart from it. Further axes become one map each.
 */
import { formatInterval, formatMetric } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import { marginOf } from '../../results/margin.ts';
import type { Results } from '../../results/results.ts';
import { HALF, type Chart, type Layer } from './chart.ts';
import { notTested } from '../ranking.ts';
import { edgesOf, findingOf } from './heat-words.ts';
import { fitted, FONT, widthOf } from './labels.ts';
import { cellsOf, standingOf, type Cell } from './surface.ts';

interface Axes {
  readonly columns: { readonly path: string; readonly values: readonly string[] };
  readonly rows: { readonly path: string; readonly values: readonly string[] };
}

const MARGIN = { left: 92, right: 12, top: 8, bottom: 48 };
const WIDTH = HALF - MARGIN.left - MARGIN.right;
const ROW = 38;
/** Room for the name of an axis: the two stand side by side. */
const PATH = 200;
const STEPS = 7;

/** One map, or one for each combination of values on the third axis and beyond, the first few of them. */
export const heatMaps = (results: Results, metric: MetricName, most: number): readonly Chart[] => {
  const [columns, rows, ...others] = results.scenario.matrix ?? [];
  if (columns === undefined || rows === undefined) return [];
  const cells = cellsOf(results, metric);
  const shade = shading(cells, metric, results.scenario.margin);
  const slices = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = cell.cell.slice(2).join(' ');
    slices.set(key, [...(slices.get(key) ?? []), cell]);
  }
  return [...slices.values()].slice(0, most).map((slice) => {
    const where = others.map(
      ({ path, values }, axis) => `${path} ${values[slice[0]?.cell[axis + 2] ?? 0] ?? ''}`,
    );
    const hidden = slices.size > most ? ` ${most} of ${slices.size} maps are shown.` : '';
    const finding = findingOf(slice, cells, metric, notTested(results)) + hidden;
    return mapOf(slice, { columns, rows }, metric, shade, where.join(', '), finding);
  });
};

type Shade = (cell: Cell) => number;

const mapOf = (
  cells: readonly Cell[],
  axes: Axes,
  metric: MetricName,
  shade: Shade,
  where: string,
  finding: string,
): Chart => {
  const height = axes.rows.values.length * ROW;
  return {
    title: METRICS[metric].label + (where === '' ? '' : `, ${where}`),
    finding,
    legend: [],
    plot: {
      width: WIDTH,
      height,
      margin: MARGIN,
      layers: [
        ...cellLayers(cells, axes, metric, shade),
        contour(cells, axes),
        ...axisLayers(axes, height),
      ],
    },
    table: {
      columns: [
        axes.columns.path,
        axes.rows.path,
        METRICS[metric].label,
        '95 % interval',
        'SLO',
        'against the best',
      ],
      rows: cells.map((cell) => ({
        cells: [
          axes.columns.values[cell.cell[0] ?? 0] ?? '',
          axes.rows.values[cell.cell[1] ?? 0] ?? '',
          formatMetric(metric, cell.estimate.mean),
          formatInterval(metric, cell.estimate),
          cell.met === null ? '–' : cell.met ? 'met' : 'missed',
          standingOf(cell),
        ],
      })),
    },
  };
};

/** Step 0 is the best value, on a log scale when the values span more than 20 times. */
const shading = (cells: readonly Cell[], metric: MetricName, margin: number): Shade => {
  const means = cells.map(({ estimate }) => estimate.mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const isHigher = METRICS[metric].better === 'higher';
  const scale = least > 0 && most / least > 20 ? Math.log : (value: number): number => value;
  const matters = scale === Math.log ? 0 : marginOf(metric, isHigher ? most : least, margin);
  const step = Math.max((scale(most) - scale(least)) / STEPS, matters) || 1;
  const best = scale(isHigher ? most : least);
  return ({ estimate }) =>
    Math.min(STEPS - 1, Math.floor(Math.abs(scale(estimate.mean) - best) / step + 1e-9));
};

const across = ({ columns }: Axes, field: string) => ({
  field,
  type: 'quantitative',
  scale: { domain: [0, columns.values.length], nice: false },
  axis: null,
});
const down = ({ rows }: Axes, field: string) => ({
  field,
  type: 'quantitative',
  scale: { domain: [0, rows.values.length], nice: false, reverse: true },
  axis: null,
});

const cellLayers = (
  cells: readonly Cell[],
  axes: Axes,
  metric: MetricName,
  shade: Shade,
): readonly Layer[] => {
  const room = WIDTH / axes.columns.values.length;
  const values = cells.map((cell) => {
    const [x = 0, y = 0] = cell.cell;
    const step = shade(cell);
    return {
      x,
      x2: x + 1,
      xMid: x + 0.5,
      y,
      y2: y + 1,
      yMid: y + 0.5,
      fill: cell.stable ? `var(--heat-${step})` : 'var(--grid)',
      ink: cell.stable ? `var(--heat-ink-${step})` : 'var(--muted)',
      text: textOf(cell, metric, room),
      tied: cell.tied === true && !cell.best,
      tip: `${cell.name}: ${formatMetric(metric, cell.estimate.mean)} (${formatInterval(metric, cell.estimate)}), ${standingOf(cell)}`,
    };
  });
  const box = {
    x: across(axes, 'x'),
    x2: { field: 'x2' },
    y: down(axes, 'y'),
    y2: { field: 'y2' },
  };
  return [
    {
      data: { values },
      mark: { type: 'rect', stroke: 'var(--paper)', strokeWidth: 2, aria: true },
      encoding: {
        ...box,
        fill: { field: 'fill', type: 'nominal', scale: null, legend: null },
        description: { field: 'tip' },
      },
    },
    {
      data: { values: values.filter(({ tied }) => tied) },
      mark: { type: 'rect', fill: 'url(#hatch)' },
      encoding: box,
    },
    // Hatching must not strike a figure through.
    figures(
      { strokeWidth: 4, strokeJoin: 'round' },
      values.filter(({ tied }) => tied),
      axes,
      {
        stroke: { field: 'fill', type: 'nominal', scale: null, legend: null },
      },
    ),
    figures({}, values, axes, {}),
  ];
};

/** Without room for it no figure: a part of one would mislead. The table has it. */
const textOf = (cell: Cell, metric: MetricName, room: number): string => {
  const figure = cell.stable ? formatMetric(metric, cell.estimate.mean) : 'unstable';
  const fits = (text: string): boolean => widthOf(text, true) <= room - 4;
  const [starred, star] = cell.best ? [`★ ${figure}`, '★'] : [figure, ''];
  return fits(starred) ? starred : star;
};

const figures = (
  look: object,
  values: readonly { readonly text: string }[],
  axes: Axes,
  more: object,
): Layer => ({
  data: { values: values.filter(({ text }) => text !== '') },
  mark: { type: 'text', baseline: 'middle', fontSize: FONT, fontWeight: 600, ...look },
  encoding: {
    x: across(axes, 'xMid'),
    y: down(axes, 'yMid'),
    text: { field: 'text' },
    color: { field: 'ink', type: 'nominal', scale: null, legend: null },
    ...more,
  },
});

const contour = (cells: readonly Cell[], axes: Axes): Layer => {
  const values = edgesOf(cells);
  return {
    data: { values },
    mark: { type: 'rule', stroke: 'var(--slo)', strokeWidth: 3.5, strokeCap: 'square' },
    encoding: {
      x: across(axes, 'x'),
      x2: { field: 'x2' },
      y: down(axes, 'y'),
      y2: { field: 'y2' },
    },
  };
};

const axisLayers = (axes: Axes, height: number): readonly Layer[] => {
  const room = WIDTH / axes.columns.values.length - 4;
  const columns = axes.columns.values.map((value, index) => ({
    x: index + 0.5,
    text: fitted(value, room),
  }));
  const rows = axes.rows.values.map((value, index) => ({
    y: index + 0.5,
    text: fitted(value, MARGIN.left - 8),
  }));
  const paths = [
    { text: `${fitted(axes.columns.path, PATH)} →   ${fitted(axes.rows.path, PATH)} ↓` },
  ];
  return [
    {
      data: { values: columns },
      mark: { type: 'text', y: height + 14, color: 'var(--ink)' },
      encoding: { x: across(axes, 'x'), text: { field: 'text' } },
    },
    {
      data: { values: rows },
      mark: { type: 'text', align: 'right', baseline: 'middle', x: -8, color: 'var(--ink)' },
      encoding: { y: down(axes, 'y'), text: { field: 'text' } },
    },
    {
      data: { values: paths },
      mark: {
        type: 'text',
        x: (WIDTH + MARGIN.right - MARGIN.left) / 2,
        y: height + 36,
        color: 'var(--muted)',
      },
      encoding: { text: { field: 'text' } },
    },
  ];
};
