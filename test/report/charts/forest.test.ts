import { expect, test } from 'vitest';
import { castOf } from '../../../src/report/cast.ts';
import { forestChart } from '../../../src/report/charts/forest.ts';
import type { ContenderResults, Results } from '../../../src/results/results.ts';
import { makeResults } from '../fixture.ts';

const chartOf = (results: Results) => forestChart(results, castOf(results))!;

/** Ends of the shaded bands on the axis, from the top. */
const bandsOf = (results: Results): [number, number][] => {
  const [bands] = chartOf(results).plot.layers as unknown as [
    { data: { values: { x: number; x2: number }[] } },
  ];
  return bands.data.values.map(({ x, x2 }) => [x, x2]);
};

/** With a baseline whose error rate is so small that the floor of 0.1 points is 40 % of it. */
const rarelyFailing = (): Results => {
  const results = makeResults();
  const [baseline, ...others] = results.contenders as [ContenderResults, ...ContenderResults[]];
  const errorRate = { mean: 0.0025, low: 0.0024, high: 0.0026 };
  const metrics = { ...baseline.metrics, errorRate };
  return { ...results, contenders: [{ ...baseline, metrics }, ...others] };
};

test('the band is 5 % of the baseline where no floor is wider', () => {
  expect(bandsOf(makeResults())[0]).toEqual([-0.05, 0.05]);
  expect(chartOf(makeResults()).finding).toContain('±5 % of the baseline.');
});

test('the band of an error rate is as wide as its floor', () => {
  const [errors, latency] = bandsOf(rarelyFailing());
  expect(errors![0]).toBeCloseTo(-0.4);
  expect(latency).toEqual([-0.05, 0.05]);
  const chart = chartOf(rarelyFailing());
  expect(chart.finding).toContain('so for error rate ±0.1 points (±40 %)');
  expect(chart.table.rows[0]!.cells).toContain('±0.1 points (±40 %)');
});

test('the axis has ticks on both sides of zero', () => {
  const layers = JSON.stringify(chartOf(makeResults({ contenders: 5 })).plot.layers);
  const ticks = JSON.parse(/"values":(\[[-\d.,]+\]),"title"/.exec(layers)![1]!) as number[];
  expect(Math.min(...ticks)).toBeLessThan(0);
  expect(Math.max(...ticks)).toBeGreaterThan(0);
});

test('all of six contenders have rows, and two seeds have no bars', () => {
  const chart = chartOf(makeResults({ contenders: 6, seeds: 2 }));
  expect(new Set(chart.table.rows.map(({ cells }) => cells[0])).size).toBe(5);
  expect(chart.finding).toContain('Bars are left out: 2 seeds are too few for them.');
});
