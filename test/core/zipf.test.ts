/** Zipf's law against its definition. */
import { expect, test } from 'vitest';
import { Zipf } from '../../src/core/zipf.ts';

test('k comes in proportion to k^-skew', () => {
  const zipf = new Zipf(4, 1);
  const counts = [0, 0, 0, 0, 0];
  for (let k = 0; k < 25_000; k++) counts[zipf.at((k + 0.5) / 25_000)]!++;
  // 1 + 1/2 + 1/3 + 1/4 = 25/12, so one in 25,000 / (25/12) = 12,000 is the first.
  expect(counts).toEqual([0, 12_000, 6_000, 4_000, 3_000]);
});

test('without skew all are alike, and the ends of the unit interval are values', () => {
  const zipf = new Zipf(10, 0);
  expect([zipf.at(0), zipf.at(0.05), zipf.at(0.55), zipf.at(1 - 2 ** -52)]).toEqual([1, 1, 6, 10]);
});
