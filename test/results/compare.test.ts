import { expect, test } from 'vitest';
import { compareContenders, compareResults } from '../../src/results/compare.ts';
import type { ContenderResults, Results } from '../../src/results/results.ts';
import { around, contender, field, gaussians, scenario, summary, upTo } from './fixture.ts';

const rules = scenario([], { judge: ['errorRate', 'latencyMsP99'] });

test('every other contender stands against the first, in order', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => contender(name, { retries: around(5, 1) }));
  const rows = compareContenders([a!, b!, c!], rules, false);
  expect(rows.map(({ baseline, contender: other }) => [baseline, other])).toEqual([
    ['a', 'b'],
    ['a', 'c'],
  ]);
});

test('only metrics with a direction that all runs of both sides have are compared', () => {
  const a = contender('a', {
    requests: around(9, 1),
    errorRate: around(0.1, 0.01),
    retries: around(5, 1),
    detectionMsMean: around(5, 1),
  });
  const b = contender('b', {
    requests: around(9, 1),
    errorRate: around(0.1, 0.01),
    detectionMsMean: around(5, 1, 9),
  });
  const padded = {
    ...b,
    runs: [...b.runs.slice(0, 9), { ...b.runs[9]!, metrics: { errorRate: 0.1 } }],
  };
  const rows = compareContenders([a, padded], rules, false);
  expect(rows.map(({ metric }) => metric)).toEqual(['errorRate']);
});

test('judged rows are adjusted for the whole family, exploratory rows are not', () => {
  const weather = gaussians(5, 'weather', 10);
  const values = (shift: number) => ({
    errorRate: weather.map((z) => 0.1 + 0.001 * z + shift * 0.01 * (1 + z * z)),
    goodputRps: weather.map((z) => 100 + z + shift * (1 + z * z)),
  });
  const [judged, explored] = compareContenders(
    [contender('a', values(0)), contender('b', values(1)), contender('c', values(0.5))],
    { ...rules, judge: ['errorRate'] },
    false,
  );
  expect([judged?.metric, judged?.judged]).toEqual(['errorRate', true]);
  expect([explored?.metric, explored?.judged]).toEqual(['goodputRps', false]);
  const ratio = (row: typeof judged) =>
    ((row?.difference.high ?? 0) - (row?.difference.mean ?? 0)) / (row?.difference.mean ?? 1);
  // The same shape of differences, so equal relative half-widths but for the adjustment.
  expect(ratio(judged)).toBeGreaterThan(1.05 * ratio(explored));
});

test('the relative difference is over the baseline, and null when that is 0', () => {
  const [row] = compareContenders(
    [contender('a', { retries: around(50, 0) }), contender('b', { retries: around(60, 0) })],
    rules,
    false,
  );
  expect(row?.relative).toEqual({ mean: 0.2, low: 0.2, high: 0.2 });
  const [fromNothing] = compareContenders(
    [contender('a', { retries: around(0, 0) }), contender('b', { retries: around(60, 1) })],
    rules,
    false,
  );
  expect(fromNothing?.relative).toBeNull();
  expect(fromNothing?.verdict).toBe('worse');
});

test('identical contenders differ by exactly nothing and are equivalent', () => {
  const values = { errorRate: gaussians(1, 'e', 10), latencyMsP99: gaussians(1, 'l', 10) };
  for (const row of field([contender('a', values), contender('b', values)]).comparisons) {
    expect(row.difference).toEqual({ mean: 0, low: 0, high: 0 });
    expect(row.verdict).toBe('equivalent');
    expect(row.seedsToSettle).toBeNull();
  }
});

test('an unstable contender is shown and not judged, on no metric', () => {
  const a = contender('a', { errorRate: around(0.1, 0.001), goodputRps: around(100, 1) });
  const b = contender(
    'b',
    { errorRate: around(0.5, 0.001), goodputRps: around(50, 1) },
    { stable: false },
  );
  const rows = compareContenders([a, b], rules, false);
  expect(rows).toHaveLength(2);
  expect(
    rows.every(({ verdict, seedsToSettle }) => verdict === 'undecided' && seedsToSettle === null),
  ).toBe(true);
});

test('independent runs are compared without pairing', () => {
  const weather = gaussians(2, 'weather', 10).map((z) => 100 + 20 * z);
  const contenders = [
    contender('a', { latencyMsP99: weather }),
    contender('b', { latencyMsP99: weather.map((value, i) => value - 10 - (i % 2)) }),
  ];
  expect(compareContenders(contenders, rules, false)[0]?.verdict).toBe('better');
  expect(compareContenders(contenders, rules, true)[0]?.verdict).toBe('undecided');
});

const results = (contenders: ContenderResults[], change: Partial<Results> = {}): Results => ({
  ...summary(
    scenario(
      contenders.map(({ name }) => name),
      { seeds: [] },
    ),
    contenders.map(() => []),
  ),
  contenders,
  ...change,
});

test('two results files are paired by name and over the seeds they share', () => {
  const weather = gaussians(3, 'weather', 20).map((z) => 100 + 20 * z);
  const a = results([
    contender('x', { retries: weather }),
    contender('only in a', { retries: weather }),
  ]);
  const b = results([
    contender('y', { retries: weather }),
    contender('x', { retries: weather.slice(0, 12).map((v) => v + 30) }),
  ]);
  const rows = compareResults(a, b);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    baseline: 'x',
    contender: 'x',
    metric: 'retries',
    verdict: 'worse',
  });
  expect(rows[0]?.difference.mean).toBeCloseTo(30, 9);
  expect((rows[0]?.difference.high ?? 0) - 30).toBeLessThan(1e-9);
});

test('single contenders are compared whatever their names', () => {
  const [a, b] = ['old', 'new'].map((name) => results([contender(name, { retries: upTo(10) })]));
  expect(compareResults(a!, b!)).toMatchObject([
    { baseline: 'old', contender: 'new', verdict: 'equivalent' },
  ]);
});

test('live runs, independent runs and runs without common seeds are compared as independent', () => {
  const weather = gaussians(3, 'weather', 10).map((z) => 100 + 20 * z);
  const a = contender('x', { retries: weather });
  const b = contender('x', { retries: weather.map((v) => v + 8) });
  const shifted = { ...b, runs: b.runs.map((run) => ({ ...run, seed: run.seed + 100 })) };
  expect(compareResults(results([a]), results([b]))[0]?.verdict).toBe('worse');
  expect(
    compareResults(results([a], { mode: 'live' }), results([b], { mode: 'live' }))[0]?.verdict,
  ).toBe('undecided');
  expect(compareResults(results([a]), results([b], { independent: true }))[0]?.verdict).toBe(
    'undecided',
  );
  expect(compareResults(results([a]), results([shifted]))[0]?.verdict).toBe('undecided');
});
