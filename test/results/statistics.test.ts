import { mean as meanElsewhere, sampleVariance } from 'simple-statistics';
import { expect, test } from 'vitest';
import { mean, median, tInterval, variance } from '../../src/results/statistics.ts';
import { around, gaussians, upTo } from './fixture.ts';

test('mean and variance agree with simple-statistics', () => {
  const values = gaussians(1, 'values', 25).map((z) => 400 + 30 * z);
  expect(mean(values)).toBeCloseTo(meanElsewhere(values), 10);
  expect(variance(values)).toBeCloseTo(sampleVariance(values), 8);
});

test('equal values have exactly that mean and exactly no variance', () => {
  const values = upTo(7).map(() => 0.1);
  expect(mean(values)).toBe(0.1);
  expect(variance(values)).toBe(0);
  expect(tInterval(values)).toEqual({ mean: 0.1, low: 0.1, high: 0.1 });
});

test('the interval is the mean plus and minus t standard errors', () => {
  // 10 values of 100 +- 3: variance 10 * 9 / 9 = 10, standard error 1, t(9) = 2.26216.
  const { mean: centre, low, high } = tInterval(around(100, 3));
  expect(centre).toBe(100);
  expect(low).toBeCloseTo(100 - 2.26216, 5);
  expect(high).toBeCloseTo(100 + 2.26216, 5);
});

test('a single run has a mean and no interval', () => {
  expect(tInterval([7])).toEqual({ mean: 7, low: null, high: null });
});

test('the mean of nothing is a bug, not a NaN', () => {
  expect(() => mean([])).toThrow('mean of no values');
});

test('95 % intervals over 10 runs cover the truth in 95 % of cases', () => {
  const trials = 4000;
  const covered = upTo(trials).filter((seed) => {
    const { low, high } = tInterval(gaussians(seed, 'coverage', 10).map((z) => 5 + z));
    return low !== null && high !== null && low <= 5 && 5 <= high;
  }).length;
  const standardError = Math.sqrt((0.95 * 0.05) / trials);
  expect(Math.abs(covered / trials - 0.95)).toBeLessThan(4 * standardError);
});

test('the median of an even number is the lower middle, of nothing 0', () => {
  expect(median([5, 1, 9, 3])).toBe(3);
  expect(median([])).toBe(0);
});
