import { describe, expect, it } from 'vitest';
import { StaticStride, type StrideRule } from '../../src/core/static-stride.ts';

const GRPC: StrideRule = { unknown: 'mean', clamp: true };

const countsOf = (stride: StaticStride, items: number, turns: number): number[] => {
  const counts = Array.from({ length: items }, () => 0);
  for (let k = 0; k < turns; k++) counts[stride.next()]! += 1;
  return counts;
};

describe('the static stride scheduler', () => {
  it('gives every item its share of every stretch of turns, to within the bound of the rule', () => {
    // In r rounds an item of weight w (scaled) has r w / 65535 turns, one more or less, and the stretch is cut off within
    // a round, which is one more or less again. As with deadlines, k turns in all then bound a share by 2 + 2 n w / W.
    const weights = [3, 1, 7.5, 2, 2, 4];
    const total = weights.reduce((sum, weight) => sum + weight);
    let worst = 0;
    for (const start of [0, 12_345, -7]) {
      const stride = new StaticStride(weights, GRPC, start);
      const counts = weights.map(() => 0);
      for (let k = 1; k <= 5000; k++) {
        counts[stride.next()]! += 1;
        for (const [item, weight] of weights.entries()) {
          const share = weight / total;
          // Scaling to whole numbers moves a share by 1e-4 at most.
          const bound = 2 + 2 * weights.length * share + 1e-4 * k;
          worst = Math.max(worst, Math.abs(counts[item]! - k * share) / bound);
        }
      }
    }
    expect(worst).toBeLessThan(1);
  });

  it('stands in with the mean or the median for a weight that is not known', () => {
    const weights = [1, 2, 9, 0];
    const mean = countsOf(
      new StaticStride(weights, { unknown: 'mean', clamp: false }, 0),
      4,
      16_000,
    );
    expect(Math.abs(mean[3]! - 4000)).toBeLessThan(20);
    const median = countsOf(
      new StaticStride(weights, { unknown: 'median', clamp: false }, 0),
      4,
      14_000,
    );
    expect(Math.abs(median[3]! - 2000)).toBeLessThan(20);
  });

  it('takes the middle of the two middle weights for their median', () => {
    const rule: StrideRule = { unknown: 'median', clamp: false };
    const counts = countsOf(new StaticStride([4, 2, -1], rule, 0), 3, 9000);
    expect(Math.abs(counts[2]! - 3000)).toBeLessThan(20);
  });

  it('keeps tiny weights at a tenth of the mean when clamped, and at next to nothing when not', () => {
    const weights = [10, 10, 0.0001];
    const clamped = countsOf(new StaticStride(weights, GRPC, 0), 3, 10_000);
    // The mean is 6.67, so the floor is 0.667 of 20.667.
    expect(Math.abs(clamped[2]! - 10_000 * (0.6667 / 20.6667))).toBeLessThan(10);
    const free = countsOf(new StaticStride(weights, { ...GRPC, clamp: false }, 0), 3, 10_000);
    expect(free[2]!).toBeLessThan(3);
  });

  it('is round robin when no weight is known', () => {
    const stride = new StaticStride([0, -1, 0], GRPC, 4);
    expect(Array.from({ length: 5 }, () => stride.next())).toEqual([1, 2, 0, 1, 2]);
  });

  it('goes on across the end of the 32-bit sequence', () => {
    const stride = new StaticStride([1, 1, 1], GRPC, 2 ** 32 - 2);
    expect([stride.next(), stride.next(), stride.next()]).toEqual([2, 0, 0]);
    expect(stride.sequence).toBe(1);
  });
});
