import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../src/core/histogram.ts';
import { InvariantError } from '../../src/core/invariant.ts';
import { Draws } from '../../src/core/rng.ts';

const holding = (values: Iterable<number>, bits?: number): Histogram => {
  const histogram = new Histogram(bits);
  for (const value of values) histogram.record(value);
  return histogram;
};

const exponentials = (n: number, mean: number): number[] => {
  const draws = new Draws(1, 'histogram');
  return Array.from({ length: n }, (_, i) => -mean * Math.log(draws.uniform(i)));
};

const nearestRank = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;

describe('Histogram', () => {
  it('answers NaN when empty', () => {
    expect(new Histogram().quantile(0.5)).toBeNaN();
  });

  it('keeps any duration from a microsecond to 12 days within 0.4 %', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2 ** 30 - 1, noNaN: true }), (ms) => {
        expect(Math.abs(holding([ms]).quantile(0.5) / ms - 1)).toBeLessThanOrEqual(2 ** -8);
      }),
    );
  });

  it('keeps them within 1.6 % with 5 bits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2 ** 30 - 1, noNaN: true }), (ms) => {
        expect(Math.abs(holding([ms], 5).quantile(0.5) / ms - 1)).toBeLessThanOrEqual(2 ** -6);
      }),
    );
  });

  it('agrees with the nearest rank of the sorted sample at every percentile', () => {
    const values = exponentials(20_000, 80);
    const histogram = holding(values);
    values.sort((a, b) => a - b);
    for (let percent = 0; percent <= 100; percent++) {
      const exact = nearestRank(values, percent / 100);
      expect(Math.abs(histogram.quantile(percent / 100) / exact - 1)).toBeLessThanOrEqual(2 ** -8);
    }
  });

  it('does not let a rounding error in q * count pick the next rank', () => {
    const histogram = holding([...Array<number>(7).fill(1), ...Array<number>(93).fill(1000)]);
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(histogram.quantile(0.07)).toBeCloseTo(1, 1);
    expect(histogram.quantile(0.071)).toBeCloseTo(1000, -1);
  });

  it('counts zero, negative and less than a microsecond as zero', () => {
    const histogram = holding([0, -0, -5, 0.0004, 4e-320, -Infinity]);
    expect(histogram.counts[0]).toBe(6);
    expect(histogram.quantile(1)).toBe(0);
  });

  it('counts what is longer than 12 days in the last bucket', () => {
    const histogram = holding([2 ** 30, 1e300, Infinity]);
    expect(histogram.counts.at(-1)).toBe(3);
    expect(histogram.quantile(0.5)).toBeGreaterThan(2 ** 30 * 0.995);
  });

  it('puts each power of two at the floor of a bucket of its own', () => {
    for (let exponent = -10; exponent < 30; exponent++) {
      const { counts } = holding([2 ** exponent]);
      expect(counts[1 + (exponent + 10) * 128]).toBe(1);
    }
  });

  it('adds up as if all had been recorded in one', () => {
    const [early, late] = [exponentials(500, 10), exponentials(700, 300)];
    const sum = holding(early);
    sum.add(holding(late));
    expect(sum).toEqual(holding([...early, ...late]));
    expect(sum.count).toBe(1200);
  });

  it('refuses to add another resolution', () => {
    expect(() => new Histogram(7).add(new Histogram(5))).toThrow(InvariantError);
  });

  it.each([5, 7])('comes back from its counts, %i bits', (bits) => {
    const histogram = holding(exponentials(300, 20), bits);
    const back = Histogram.of(histogram.counts);
    expect(back.count).toBe(300);
    for (const q of [0, 0.5, 0.9, 1]) expect(back.quantile(q)).toBe(histogram.quantile(q));
  });

  it('refuses counts that no histogram has', () => {
    expect(() => Histogram.of(new Uint32Array(1000))).toThrow(InvariantError);
  });

  it('is empty once cleared', () => {
    const histogram = holding([1, 2, 3]);
    histogram.clear();
    expect(histogram).toEqual(new Histogram());
  });
});
