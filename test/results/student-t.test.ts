import { expect, test } from 'vitest';
import { criticalT, tQuantile, twoSidedTail } from '../../src/results/student-t.ts';

/** P(T <= t). */
const cdf = (t: number, df: number): number => {
  const tail = twoSidedTail(t, df) / 2;
  return t > 0 ? 1 - tail : tail;
};

// Any printed table of Student's distribution.
const TABLE: [p: number, df: number, t: number][] = [
  [0.975, 1, 12.7062],
  [0.975, 2, 4.30265],
  [0.95, 5, 2.01505],
  [0.975, 4, 2.77645],
  [0.975, 9, 2.26216],
  [0.995, 9, 3.24984],
  [0.9995, 10, 4.58689],
  [0.975, 29, 2.04523],
  [0.975, 100, 1.98397],
  [0.975, 1e6, 1.95997],
];

test.each(TABLE)('the %d quantile at %d degrees of freedom is %d, as printed', (p, df, t) => {
  expect(tQuantile(p, df)).toBeCloseTo(t, 4);
});

test('one and two degrees of freedom have closed forms, and the cdf meets them', () => {
  for (const t of [-40, -2.5, -0.3, 0, 0.01, 1, 7, 300]) {
    expect(cdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
    expect(cdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
  }
});

test('quantile and cdf undo each other, also between whole degrees of freedom', () => {
  for (const df of [1, 2.7, 9, 17.3, 400])
    for (const p of [0.001, 0.2, 0.5, 0.8, 0.9999]) {
      expect(cdf(tQuantile(p, df), df)).toBeCloseTo(p, 10);
    }
});

test('a far tail keeps its digits instead of cancelling to zero', () => {
  // For 2 degrees of freedom the tail is 1 - t/sqrt(2 + t^2), about 1/t^2 far out.
  expect(twoSidedTail(1e6, 2) * 1e12).toBeCloseTo(1, 6);
  expect(twoSidedTail(60, 9)).toBeGreaterThan(0);
  expect(twoSidedTail(Infinity, 9)).toBe(0);
});

test('the critical value leaves alpha outside, in both tails together', () => {
  expect(twoSidedTail(criticalT(0.05 / 7, 9), 9)).toBeCloseTo(0.05 / 7, 12);
});
