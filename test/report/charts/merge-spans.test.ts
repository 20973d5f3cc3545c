import { expect, test } from 'vitest';
import { mergeSpans } from '../../../src/report/charts/merge-spans.ts';
import { clockOf } from '../../../src/report/charts/clock.ts';
import { stripChart } from '../../../src/report/charts/strip-chart.ts';
import type { Strip } from '../../../src/results/results.ts';
import { castOf } from '../../../src/report/cast.ts';
import { makeResults } from '../fixture.ts';

/** Open for 900 ms and half-open for 100 ms, over and over. */
const busy = (cycles: number): Strip['spans'] =>
  Array.from({ length: 2 * cycles }, (_, i) => {
    const from = Math.floor(i / 2) * 1000;
    return i % 2 === 0
      ? { from, to: from + 900, state: 'open' as const }
      : { from: from + 900, to: from + 1000, state: 'half-open' as const };
  });

test('few spans stay as they are, slivers included', () => {
  const spans = busy(5);
  expect(mergeSpans(spans, 80, 5000)).toEqual(spans.map((span) => ({ ...span, merged: 0 })));
});

test('many spans reach to their real end, in the state that held longest, and no change is forgotten', () => {
  const spans = [...busy(200), { from: 200_000, to: 300_000, state: 'closed' as const }];
  const drawn = mergeSpans(spans, 80, 1000);
  expect(drawn.length).toBeLessThanOrEqual(80);
  expect(drawn.map(({ from, to, state }) => [from, to, state])).toEqual([
    [0, 200_000, 'open'],
    [200_000, 300_000, 'closed'],
  ]);
  expect(drawn.reduce((sum, { merged }) => sum + merged + 1, 0)).toBe(spans.length);
});

test('a strip tells what was merged and where its record ends', () => {
  const results = makeResults();
  const [member] = castOf(results).all;
  const strips = [{ server: 's1', spans: busy(200) }];
  const told = { ...member!, contender: { ...member!.contender, strips } };
  const chart = stripChart(told, [], clockOf(300_000), 300_000)!;
  expect(chart.finding).toMatch(/^One server changed its state/);
  expect(chart.table.columns.at(-1)).toBe('changes merged');
  expect(chart.table.rows.at(-1)?.cells).toEqual([
    's1',
    '3.33',
    '5.00',
    'not recorded from here',
    '–',
  ]);
});
