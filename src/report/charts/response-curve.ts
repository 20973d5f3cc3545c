/**
 * One axis of a matrix as a curve: the metric over the values of the axis in the file's order, with its 95 % band, the
 * SLO as a line, a star at the best value, and hollow points where a value cannot be told apart from the best.
 */
import { formatInterval, formatMetric } from '../../core/format.ts';
import { quoted } from '../../results/answer/words.ts';
import { METRICS, type MetricName } from '../../core/metrics.ts';
import type { Results } from '../../results/results.ts';
import { fittingAxis, placeOn, positional, UNIT_LABELS } from './axis.ts';
import { bandNote, extentOf, hasBand, type Extent, type Interval } from './bands.ts';
import { HALF, type Chart, type Layer } from './chart.ts';
import { fitted } from './labels.ts';
import { limitNames } from './limit-names.ts';
import { notTested } from '../ranking.ts';
import { cellsOf, figureOf, standingOf, type Cell } from './surface.ts';

const MARGIN = { left: 60, right: 18, top: 18, bottom: 48 };
const WIDTH = HALF - MARGIN.left - MARGIN.right;
const HEIGHT = 210;
/** Room beside the first and the last value, in steps from one value to the next. */
const SIDE = 0.3;

export const responseCurve = (results: Results, metric: MetricName): Chart | null => {
  const [axis, ...others] = results.scenario.matrix ?? [];
  const cells = cellsOf(results, metric);
  if (axis === undefined || others.length > 0 || cells.length < 2) return null;
  const banded = results.contenders.some(hasBand);
  const drawn = cells.map(({ estimate: { mean, low, high } }) =>
    banded ? { mean, low, high } : { mean, low: null, high: null },
  );
  const extent = extentOf(drawn, { span: 1, share: 0.3 });
  return {
    title: `${METRICS[metric].label} over ${axis.path}`,
    finding:
      findingOf(cells, metric, notTested(results)) +
      bandNote('Bands', results.contenders, extent.cut),
    legend: [],
    plot: {
      width: WIDTH,
      height: HEIGHT,
      margin: MARGIN,
      layers: layersOf(cells, drawn, extent, axis, metric),
    },
    table: {
      columns: [axis.path, METRICS[metric].label, '95 % interval', 'SLO', 'against the best'],
      rows: cells.map((cell) => ({
        cells: [
          axis.values[cell.cell[0] ?? 0] ?? '',
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
  const tied = cells.filter((cell) => cell.tied === true && !cell.best).map(({ name }) => name);
  const alike = !isKnown
    ? `differences are ${untested}`
    : tied.length === 0
      ? 'every other value is worse'
      : `not told apart from it (hollow): ${tied.join(', ')}`;
  return best === undefined
    ? 'No value is judged.'
    : `★ Best${isKnown ? '' : ' so far'}: ${quoted(best.name)} with ${figureOf(metric, best.estimate)}; ${alike}.`;
};

const layersOf = (
  cells: readonly Cell[],
  drawn: readonly Interval[],
  extent: Extent,
  axis: { readonly path: string; readonly values: readonly string[] },
  metric: MetricName,
): readonly Layer[] => {
  const cut = (value: number): number => Math.min(Math.max(value, extent.low), extent.high);
  const values = cells.map((cell, index) => {
    const { mean } = cell.estimate;
    const { low = null, high = null } = drawn[index] ?? {};
    return {
      x: cell.cell[0] ?? 0,
      y: mean,
      low: cut(low ?? mean),
      high: cut(high ?? mean),
      fill: cell.tied === true && !cell.best ? 'var(--paper)' : 'var(--c1)',
      shape: cell.best ? STAR : 'circle',
      size: cell.best ? 150 : 60,
      tip: `${cell.name}: ${figureOf(metric, cell.estimate)}`,
    };
  });
  const limits = [...new Set(cells.flatMap(({ limit }) => (limit === null ? [] : [limit])))];
  const yAxis = fittingAxis([Math.max(0, extent.low), extent.high, ...limits]);
  const last = axis.values.length - 1;
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { domain: [-SIDE, last + SIDE], nice: false, zero: false },
    axis: null,
  };
  const y = positional('y', yAxis, { labelExpr: UNIT_LABELS[METRICS[metric].unit] });
  const names = axis.values.map((value, index) => ({
    x: index,
    text: fitted(value, WIDTH / axis.values.length - 6),
  }));
  const slo = limits.map((limit) => ({ y: limit, text: `SLO ${formatMetric(metric, limit)}` }));
  const down = (value: number): number => (1 - placeOn(yAxis, value)) * HEIGHT;
  const sloNames = limitNames(
    slo.map(({ y: limit, text }) => ({ text, y: down(limit) })),
    [
      values.map(({ x: at, y: mean }) => ({
        x: ((at + SIDE) / (last + 2 * SIDE)) * WIDTH,
        y: down(mean),
      })),
    ],
    { width: WIDTH, height: HEIGHT },
  );
  const plain = { type: 'nominal', scale: null, legend: null };
  return [
    {
      data: { values },
      mark: { type: 'area', fill: 'var(--c1)', opacity: 0.16 },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values },
      mark: { type: 'line', stroke: 'var(--c1)', strokeWidth: 1.9 },
      encoding: { x, y },
    },
    {
      data: { values: slo },
      mark: { type: 'rule', color: 'var(--slo)', strokeDash: [6, 3] },
      encoding: { y },
    },
    ...sloNames,
    {
      data: { values },
      mark: {
        type: 'point',
        filled: true,
        opacity: 1,
        stroke: 'var(--c1)',
        strokeWidth: 1.6,
        aria: true,
      },
      encoding: {
        x,
        y,
        fill: { field: 'fill', ...plain },
        shape: { field: 'shape', ...plain },
        size: { field: 'size', type: 'quantitative', scale: null, legend: null },
        description: { field: 'tip' },
      },
    },
    {
      data: { values: names },
      mark: { type: 'text', y: HEIGHT + 14, color: 'var(--ink)' },
      encoding: { x, text: { field: 'text' } },
    },
    {
      data: { values: [{ text: fitted(axis.path, WIDTH) }] },
      mark: { type: 'text', x: WIDTH / 2, y: HEIGHT + 34, color: 'var(--muted)' },
      encoding: { text: { field: 'text' } },
    },
  ];
};

/** A five-pointed star as an SVG path in the square -1..1. */
const STAR =
  'M0,-1L.294,-.405L.951,-.309L.476,.155L.588,.809L0,.5L-.588,.809L-.476,.155L-.951,-.309L-.294,-.405Z';
