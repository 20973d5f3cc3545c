import { tTestTwoSample } from 'simple-statistics';
import { expect, test } from 'vitest';
import { interval, pValue, paired, welch, withRuns } from '../../src/results/contrast.ts';
import { around, gaussians, upTo } from './fixture.ts';

test('pairing takes what both sides share out of the error', () => {
  const weather = gaussians(1, 'weather', 10).map((z) => 50 * z);
  const baseline = weather.map((w) => 400 + w);
  const contender = weather.map((w, run) => 390 + w + (run % 2));
  expect(paired(baseline, contender).mean).toBeCloseTo(-9.5, 9);
  expect(paired(baseline, contender).standardError).toBeCloseTo(Math.sqrt(2.5 / 9 / 10), 6);
  expect(welch(baseline, contender).standardError).toBeGreaterThan(10);
});

test("Welch's statistic and degrees of freedom, by hand", () => {
  // Variances 10 * 4 / 9 and 20 * 9 / 19 over 10 and 20 runs.
  const contrast = welch(around(10, 2), around(13, 3, 20));
  const [a, b] = [40 / 9 / 10, 180 / 19 / 20];
  expect(contrast.mean).toBeCloseTo(3, 12);
  expect(contrast.standardError).toBeCloseTo(Math.sqrt(a + b), 12);
  expect(contrast.degreesOfFreedom).toBeCloseTo((a + b) ** 2 / (a ** 2 / 9 + b ** 2 / 19), 9);
  expect(contrast.runs).toBe(10);
});

test('with equal sizes its t is that of the pooled test', () => {
  const [a, b] = [gaussians(1, 'a', 12), gaussians(1, 'b', 12)];
  const contrast = welch(a, b);
  expect(contrast.mean / contrast.standardError).toBeCloseTo(tTestTwoSample(b, a, 0) ?? NaN, 9);
});

test('identical policies are called different in 5 % of families of one', () => {
  const trials = 3000;
  const claims = upTo(trials).filter((seed) => {
    const contrast = paired(gaussians(seed, 'a', 10), gaussians(seed, 'b', 10));
    return pValue(contrast) < 0.05;
  }).length;
  expect(Math.abs(claims / trials - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / trials));
});

test('without variance a difference is certain, or it is nil', () => {
  const certain = paired([1, 2, 3], [2, 3, 4]);
  expect(pValue(certain)).toBe(0);
  expect(interval(certain, 0.05)).toEqual({ mean: 1, low: 1, high: 1 });
  const nil = paired([1, 2, 3], [1, 2, 3]);
  expect(pValue(nil)).toBe(1);
});

test('one run has a difference and neither interval nor evidence', () => {
  expect(interval(paired([1], [5]), 0.05)).toEqual({ mean: 4, low: null, high: null });
  expect(pValue(paired([1], [5]))).toBe(1);
  expect(pValue(welch([1], [5]))).toBe(1);
});

test('four times the runs halve the standard error', () => {
  const contrast = paired(around(0, 1), around(0, 2));
  expect(withRuns(contrast, 40).standardError).toBeCloseTo(contrast.standardError / 2, 12);
  expect(withRuns(contrast, 40).degreesOfFreedom).toBe(39);
});
