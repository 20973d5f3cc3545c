import { describe, expect, it } from 'vitest';
import { Draws, sequential } from '../../src/core/rng.ts';
import { zOfCounts, zOfMean, zOfPairs, zOfSpread } from './z-scores.ts';

type Uniform = (a: number, b?: number, c?: number) => number;
type Source = (seed: number, purpose: string) => Uniform;

const keyed: Source = (seed, purpose) => {
  const draws = new Draws(seed, purpose);
  return (a, b, c) => draws.uniform(a, b, c);
};
const stepped: Source = (seed, name) => {
  const rng = sequential(seed, name);
  return () => rng.next();
};
/** What these tests are for: one multiplication and one shift look random to the eye. */
const weak: Source =
  (seed, purpose) =>
  (a, b = 0, c = 0) => {
    const x = Math.imul(a + (seed + purpose.length + b * 31 + c * 17), 0x9e3779b1);
    return (((x ^ (x >>> 16)) >>> 0) + 0.5) * 2 ** -32;
  };

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);
const N = 1024;
const PURPOSES = ['arrivals', 'work', 'faults', 'network', 'tool', 'think'];
const draw = (n: number, f: (i: number) => number): number[] =>
  Array.from({ length: n }, (_, i) => f(i));
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
const worst = (zs: readonly number[]): number => Math.max(...zs.map(Math.abs));
const sample = (source: Source, seed: number, purpose = 'work', n = N): number[] => {
  const uniform = source(seed, purpose);
  return draw(n, (i) => uniform(i));
};

const meansOfSeeds = (source: Source, purpose: string): number[] =>
  SEEDS.map((seed) => mean(sample(source, seed, purpose)));

/** Every pair of neighbouring seeds, index by index. */
const neighbours = (source: Source, purpose: string): number =>
  zOfPairs(
    SEEDS.flatMap((seed) => sample(source, seed, purpose, 256)),
    SEEDS.flatMap((seed) => sample(source, seed + 1, purpose, 256)),
  );

const lags = (xs: readonly number[]): number[] =>
  [1, 2, 3, 4, 8, 16, 64, 256].map((lag) => zOfPairs(xs.slice(lag), xs.slice(0, -lag)));

const binsOf = (xs: readonly number[], bin: (u: number) => number, bins = 256): number => {
  const counts = new Float64Array(bins);
  for (const x of xs) counts[bin(x)]!++;
  return zOfCounts(counts);
};
const topByte = (u: number): number => Math.floor(u * 256);
/** The byte that ends `bits` bits behind the point. */
const byteAt =
  (bits: number) =>
  (u: number): number =>
    Math.floor(u * 2 ** bits) % 256;

describe.each([
  ['Draws', keyed],
  ['sequential', stepped],
] as const)('%s', (_, source) => {
  it('gives seeds 1..200 means of 1,024 draws with the spread that theory says', () => {
    for (const purpose of PURPOSES) {
      const means = meansOfSeeds(source, purpose);
      expect(Math.abs(zOfSpread(means, N))).toBeLessThan(4);
      expect(Math.abs(zOfMean(mean(means), N * means.length))).toBeLessThan(4);
      expect(worst(means.map((m) => zOfMean(m, N)))).toBeLessThan(4.5);
    }
  });

  it('keeps neighbouring seeds uncorrelated, draw by draw and mean by mean', () => {
    for (const purpose of PURPOSES) expect(Math.abs(neighbours(source, purpose))).toBeLessThan(4);
    const gaps = meansOfSeeds(source, 'work').map((m) => 0.5 + (m - 0.5) * Math.sqrt(N));
    expect(Math.abs(zOfPairs(gaps.slice(1), gaps.slice(0, -1)))).toBeLessThan(4);
  });

  it('keeps purposes of one seed uncorrelated', () => {
    for (const [i, one] of PURPOSES.entries())
      for (const other of PURPOSES.slice(i + 1))
        expect(Math.abs(zOfPairs(sample(source, 1, one), sample(source, 1, other)))).toBeLessThan(
          4,
        );
  });

  it('keeps draws at a lag uncorrelated', () => {
    for (const seed of [1, 2, 3])
      expect(worst(lags(sample(source, seed, 'work', 100_000)))).toBeLessThan(4);
  });

  it('is uniform in its high byte and in the byte that ends at bit 24', () => {
    const xs = sample(source, 7, 'work', 200_000);
    expect(Math.abs(binsOf(xs, topByte))).toBeLessThan(4);
    expect(Math.abs(binsOf(xs, byteAt(24)))).toBeLessThan(4);
  });

  it('gives the same numbers for the same seed and name, others for others', () => {
    expect(sample(source, 3, 'work', 9)).toEqual(sample(source, 3, 'work', 9));
    expect(sample(source, 3, 'work', 9)).not.toEqual(sample(source, 4, 'work', 9));
    expect(sample(source, 3, 'work', 9)).not.toEqual(sample(source, 3, 'word', 9));
  });
});

describe('Draws', () => {
  it('depends on seed, purpose and cell alone, not on who asks first', () => {
    const [one, other] = [new Draws(5, 'work'), new Draws(5, 'work')];
    const forwards = draw(50, (i) => one.uniform(i, i % 3));
    const backwards = draw(50, (i) => other.uniform(49 - i, (49 - i) % 3)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('stays inside the open interval, at the ends of the range of `a` too', () => {
    const uniform = keyed(1, 'work');
    const xs = [...draw(1_000_000, (i) => uniform(i)), uniform(2 ** 32 - 1), uniform(2 ** 31)];
    expect(xs.every((x) => x > 0 && x < 1)).toBe(true);
    expect(uniform(2 ** 32 - 1)).not.toBe(uniform(2 ** 31 - 1));
  });

  it('is uniform in every byte down to bit 52', () => {
    for (const purpose of PURPOSES) {
      const xs = sample(keyed, 11, purpose, 50_000);
      for (const bits of [8, 16, 24, 32, 40, 48, 52])
        expect(Math.abs(binsOf(xs, byteAt(bits)))).toBeLessThan(4);
    }
  });

  it('fills the square evenly: pairs of neighbours in a, in b and in c', () => {
    const uniform = keyed(13, 'faults');
    const steps = [
      (i: number) => uniform(i + 1),
      (i: number) => uniform(i, 1),
      (i: number) => uniform(i, 0, 1),
    ];
    for (const next of steps) {
      const counts = new Float64Array(64 * 64);
      for (let i = 0; i < 200_000; i++)
        counts[Math.floor(uniform(i) * 64) * 64 + Math.floor(next(i) * 64)]!++;
      expect(Math.abs(zOfCounts(counts))).toBeLessThan(4);
    }
  });

  it('keeps b and c apart: neighbours, swaps and diagonals are uncorrelated and never equal', () => {
    const uniform = keyed(17, 'work');
    const base = draw(50_000, (i) => uniform(i, 2, 3));
    const others = [
      (i: number) => uniform(i, 3, 2),
      (i: number) => uniform(i, 3, 3),
      (i: number) => uniform(i, 2, 4),
      (i: number) => uniform(i + 1, 1, 3),
      (i: number) => uniform(i, 3, 4),
    ];
    for (const other of others) {
      const ys = draw(50_000, other);
      expect(Math.abs(zOfPairs(base, ys))).toBeLessThan(4);
      expect(ys.some((y, i) => y === base[i])).toBe(false);
    }
  });

  it('never repeats a number in a million cells', () => {
    const uniform = keyed(19, 'think');
    const seen = new Set<number>();
    for (let a = 0; a < 10_000; a++)
      for (let b = 0; b < 10; b++) for (let c = 0; c < 10; c++) seen.add(uniform(a, b, c));
    expect(seen.size).toBe(1_000_000);
  });

  it('gives means over small b and c, a by a, the spread that theory says', () => {
    const uniform = keyed(23, 'work');
    const overB = draw(500, (a) => mean(draw(64, (b) => uniform(a, b))));
    const overC = draw(500, (a) => mean(draw(64, (c) => uniform(a, 1, c))));
    expect(Math.abs(zOfSpread(overB, 64))).toBeLessThan(4);
    expect(Math.abs(zOfSpread(overC, 64))).toBeLessThan(4);
  });
});

describe('a one-round mixer', () => {
  it('fails these tests: seeds move together and their means spread too little', () => {
    expect(Math.abs(zOfSpread(meansOfSeeds(weak, 'work'), N))).toBeGreaterThan(4);
    expect(Math.abs(neighbours(weak, 'work'))).toBeGreaterThan(4);
    expect(worst(lags(sample(weak, 1, 'work', 100_000)))).toBeGreaterThan(4);
  });
});

describe('sequential', () => {
  it('gives whole numbers below n, all of them alike', () => {
    const rng = sequential(1, 'balancer');
    const counts = new Float64Array(10);
    for (let i = 0; i < 100_000; i++) counts[rng.below(10)]!++;
    expect(Math.abs(zOfCounts(counts))).toBeLessThan(4);
  });
});
