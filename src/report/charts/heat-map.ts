/**
 * Two axes of a matrix as a map: seven steps of one hue (the further from the page's own colour, the worse, so it reads without colour), the figure in
 * each cell, a thick line where the SLO begins to be missed, a star at the best cell, and hatching over every cell that
 * the statistics cannot tell apart from it. Further axes become one map each.
 */
import { formatInterval, formatMetric } from '../../core/format.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Results } from '../../results/results.ts';
import { HALF, type Chart, type Layer } from './chart.ts';
import { notTested } from '../ranking.ts';
import { cellsOf, figureOf, standingOf, type Cell } from './surface.ts';
import { shorten } from './labels.ts';

interface Axes {
  readonly columns: { readonly path: string; readonly values: readonly string[] };
  readonly rows: { readonly path: string; readonly values: readonly string[] };
}

const MARGIN = { left: 92, right: 12, top: 8, bottom: 46 };
const WIDTH = HALF - MARGIN.left - MARGIN.right;
const ROW = 38;
const STEPS = 7;

/** One map, or one for each combination of values on the third axis and beyond, the first few of them. */
export const heatMaps = (results: Results, metric: MetricName, most: number): readonly Chart[] => {
  const [columns, rows, ...others] = results.scenario.matrix ?? [];
  if (columns === undefined || rows === undefined) return [];
  const cells = cellsOf(results, metric);
  const shade = shading(cells, metric);
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
    const finding = findingOf(slice, metric, notTested(results)) + hidden;
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

const findingOf = (cells: readonly Cell[], metric: MetricName, untested: string): string => {
  const best = cells.find((cell) => cell.best);
  const isKnown = cells.every(({ tied }) => tied !== null);
  const tied = cells.filter((cell) => cell.tied === true && !cell.best).length;
  const met = cells.filter((cell) => cell.met === true).length;
  const slo = cells.some((cell) => cell.met !== null)
    ? ` The SLO is met in ${met} of ${cells.length} cells (inside the thick line).`
    : '';
  const star =
    best === undefined
      ? `The best cell is on another map; ${isKnown ? 'hatched cells cannot be told apart from it' : `differences are ${untested}`}.`
      : `★ Best${isKnown ? '' : ' so far'}: ${best.name} with ${figureOf(metric, best.estimate)}; ${isKnown ? (tied === 0 ? 'every other cell is worse' : `${tied === 1 ? 'one other cell' : `${tied} other cells`} cannot be told apart from it (hatched)`) : `differences are ${untested}`}.`;
  return `${star}${slo} Stronger is worse.`;
};

/** Step 0 is the best value, on a log scale when the values span more than 20 times. */
const shading = (cells: readonly Cell[], metric: MetricName): Shade => {
  const means = cells.map(({ estimate }) => estimate.mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const scale = least > 0 && most / least > 20 ? Math.log : (value: number): number => value;
  const span = scale(most) - scale(least) || 1;
  return ({ estimate }) => {
    const place = (scale(estimate.mean) - scale(least)) / span;
    const worse = METRICS[metric].better === 'higher' ? 1 - place : place;
    return Math.min(STEPS - 1, Math.floor(worse * STEPS));
  };
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
      text:
        room < 44
          ? cell.best
            ? '★'
            : ''
          : (cell.best ? '★ ' : '') +
            (cell.stable ? formatMetric(metric, cell.estimate.mean) : 'unstable'),
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
    {
      data: { values: values.filter(({ text }) => text !== '') },
      mark: { type: 'text', baseline: 'middle', fontSize: room < 60 ? 10 : 11.5, fontWeight: 600 },
      encoding: {
        x: across(axes, 'xMid'),
        y: down(axes, 'yMid'),
        text: { field: 'text' },
        color: { field: 'ink', type: 'nominal', scale: null, legend: null },
      },
    },
  ];
};

/** The border between met and missed: an edge wherever two neighbours differ. */
const contour = (cells: readonly Cell[], axes: Axes): Layer => {
  const met = new Map(cells.map((cell) => [`${cell.cell[0]} ${cell.cell[1]}`, cell.met]));
  const values = cells.flatMap(({ cell: [x = 0, y = 0], met: here }) => {
    if (here === null) return [];
    const right = met.get(`${x + 1} ${y}`);
    const below = met.get(`${x} ${y + 1}`);
    return [
      ...(right !== undefined && right !== here ? [{ x: x + 1, x2: x + 1, y, y2: y + 1 }] : []),
      ...(below !== undefined && below !== here ? [{ x, x2: x + 1, y: y + 1, y2: y + 1 }] : []),
    ];
  });
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
  const room = Math.floor(WIDTH / axes.columns.values.length / 6.2);
  const columns = axes.columns.values.map((value, index) => ({
    x: index + 0.5,
    text: shorten(value, Math.max(room, 2)),
  }));
  const rows = axes.rows.values.map((value, index) => ({
    y: index + 0.5,
    text: shorten(value, 13),
  }));
  const paths = [
    { text: `${shorten(axes.columns.path, 34)} →   ${shorten(axes.rows.path, 34)} ↓` },
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
      mark: { type: 'text', x: WIDTH / 2, y: height + 34, color: 'var(--muted)' },
      encoding: { text: { field: 'text' } },
    },
  ];
};
