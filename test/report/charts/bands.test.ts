import { expect, test } from 'vitest';
import { castOf } from '../../../src/report/cast.ts';
import { bandNote, extentOf, logExtentOf } from '../../../src/report/charts/bands.ts';
import { percentilePlot } from '../../../src/report/charts/percentile-plot.ts';
import { timePanels } from '../../../src/report/charts/time-panels.ts';
import type { Results } from '../../../src/results/results.ts';
import { makeResults } from '../fixture.ts';

const seeds = (count: number) => makeResults({ seeds: count }).contenders;
const drawing = (results: Results, panel: number): string =>
  JSON.stringify(timePanels(results, castOf(results))[panel]!.plot);

test('two seeds draw no band and say so, three do', () => {
  expect(drawing(makeResults({ seeds: 2 }), 1)).not.toContain('"type":"area"');
  expect(drawing(makeResults({ seeds: 3 }), 1)).toContain('"type":"area"');
  expect(bandNote('Bands', seeds(2), false)).toBe(
    ' Bands are left out: 2 seeds are too few for them.',
  );
  expect(bandNote('Bands', seeds(1), false)).toBe(' Bands are left out: one seed gives none.');
  expect(bandNote('Bands', seeds(3), true)).toContain('cut where they reach beyond');
});

test('an axis shows all means, and of a band that is far wider only the near part', () => {
  const narrow = { mean: 100, low: 90, high: 110 };
  const wide = { mean: 120, low: -400, high: 640 };
  expect(extentOf([narrow, narrow], { share: 0.4 })).toEqual({ low: 90, high: 110, cut: false });
  expect(extentOf([narrow, wide], { share: 0.5 })).toEqual({ low: 40, high: 180, cut: true });
  expect(logExtentOf([narrow, { mean: 200, low: 1, high: 5000 }], 2)).toEqual({
    low: 50,
    high: 400,
    cut: true,
  });
});

test('an objective beyond the deepest percentile has its line and no mark', () => {
  const results = makeResults();
  const marks = (metric: 'latencyMsP99' | 'latencyMsP999', deepest: number): number => {
    const contenders = results.contenders.map((contender) => ({
      ...contender,
      percentiles: contender.percentiles.filter(({ q }) => q <= deepest),
      slo: [{ metric, limit: 500, mean: 400, met: true }],
    }));
    const layers = percentilePlot(castOf({ ...results, contenders }))!.plot.layers;
    const cross = layers.find((layer) => JSON.stringify(layer).includes('"shape":"cross"'))!;
    return (cross as unknown as { data: { values: unknown[] } }).data.values.length;
  };
  expect(marks('latencyMsP99', 0.999)).toBe(1);
  expect(marks('latencyMsP999', 0.98)).toBe(0);
});
