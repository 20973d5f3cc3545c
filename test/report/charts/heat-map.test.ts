import { expect, test } from 'vitest';
import { heatMaps } from '../../../src/report/charts/heat-map.ts';
import { responseCurve } from '../../../src/report/charts/response-curve.ts';
import type { Results } from '../../../src/results/results.ts';
import { makeResults } from '../fixture.ts';

const axes = [
  { path: 'breaker.counter.failures', values: ['2', '3', '5'] },
  { path: 'breaker.counter.recovery', values: ['5s', '15s'] },
];

test('a map of fewer than 10 seeds hatches nothing and says that nothing was tested', () => {
  const [map] = heatMaps(makeResults({ matrix: axes, seeds: 5 }), 'errorRate', 1);
  expect(map!.finding).toMatch(/^★ Best so far: .*differences are not tested with 5 seeds/);
  expect(map!.table.rows.map(({ cells }) => cells.at(-1)).sort()).toEqual([
    'best so far',
    ...Array.from({ length: 5 }, () => 'not tested'),
  ]);
});

test('so does a curve', () => {
  const curve = responseCurve(makeResults({ matrix: axes.slice(0, 1), seeds: 5 }), 'errorRate');
  expect(curve!.finding).toContain('differences are not tested with 5 seeds');
});

const shades = (results: Results): string[] => {
  const [map] = heatMaps(results, 'latencyMsP99', 1);
  const [cells] = map!.plot.layers as unknown as [{ data: { values: { fill: string }[] } }];
  return cells.data.values.map(({ fill }) => fill);
};

/** Every cell with this p99, ms, and the objective met where told. */
const withCells = (p99: readonly number[], met: readonly boolean[] = []): Results => {
  const results = makeResults({ matrix: axes });
  const contenders = results.contenders.map((contender, index) => ({
    ...contender,
    runs: contender.runs.map((run) => ({
      ...run,
      metrics: { ...run.metrics, latencyMsP99: p99[index]! },
    })),
    metrics: { ...contender.metrics, latencyMsP99: { mean: p99[index]!, low: null, high: null } },
    slo: met.map(() => ({
      ...{ metric: 'latencyMsP99' as const, limit: 623, mean: p99[index]! },
      met: met[index]!,
    })),
  }));
  return { ...results, contenders };
};
const ALIKE = [621, 622, 623, 624, 625, 626];

test('differences below the margin look alike, larger ones do not', () => {
  expect(new Set(shades(withCells(ALIKE))).size).toBe(1);
  expect(new Set(shades(withCells([621, 622, 700, 1000, 1500, 2000]))).size).toBeGreaterThan(3);
});

test('the thick line is spoken of only where one is drawn', () => {
  const finding = (met: readonly boolean[]): string =>
    heatMaps(withCells(ALIKE, met), 'latencyMsP99', 1)[0]!.finding;
  const [yes, no] = [true, false];
  expect(finding([yes, yes, yes, no, no, no])).toContain('met in 3 of 6 cells; the thick line');
  expect(finding([yes, yes, yes, yes, yes, yes])).toContain('The SLO is met in every cell.');
  expect(finding([no, no, no, no, no, no])).toContain('The SLO is met in no cell.');
});

test('a map of several counts the cells of all of them, and its own', () => {
  const third = { path: 'servers.count', values: ['4', '8'] };
  const maps = heatMaps(makeResults({ matrix: [...axes, third] }), 'toolErrorRate', 2);
  expect(maps).toHaveLength(2);
  const counts = maps.map(({ finding }) => {
    const [, all, here] = /(\d+) other cells cannot .*, (\d+) of them/.exec(finding)!;
    return [Number(all), Number(here)];
  });
  // The best is none of them, and one of the twelve is unstable.
  expect(counts[0]![0]).toBe(10);
  expect(counts[0]![1]! + counts[1]![1]!).toBe(10);
  expect(maps[1]!.finding).toContain('On another map is the best:');
});
