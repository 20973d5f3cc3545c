import { expect, test } from 'vitest';
import { heatMaps } from '../../../src/report/charts/heat-map.ts';
import { responseCurve } from '../../../src/report/charts/response-curve.ts';
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
