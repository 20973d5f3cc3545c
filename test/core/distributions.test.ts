import { cumulativeStdNormalProbability, gammaln } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import {
  durationSampler,
  isConstant,
  meanOf,
  sampler,
  type Distribution,
} from '../../src/core/distributions.ts';
import { InvariantError } from '../../src/core/invariant.ts';
import { Draws } from '../../src/core/rng.ts';
import { zOfSample } from './z-scores.ts';

const SAMPLES = Float64Array.of(30, 10, 20, 20, 50, 40, 10, 60);
const INPUTS = { 'work.csv': SAMPLES };
const N = 100_000;
const HALF = Math.log(2);

/** Each law with its variance and its excess kurtosis, from which the variance's own standard error follows. */
const LAWS: readonly (readonly [Distribution, variance: number, kurtosis: number])[] = [
  [{ kind: 'constant', value: 7 }, 0, 0],
  [{ kind: 'exponential', mean: 40 }, 1600, 6],
  [{ kind: 'uniform', min: 10, max: 30 }, 400 / 12, -1.2],
  [{ kind: 'normal', mean: 100, sd: 10 }, 100, 0],
  [{ kind: 'normal', mean: 0, sd: 10 }, 100 * (1 - 2 / Math.PI), 0.87],
  [{ kind: 'lognormal', mean: 40, cv: 0.5 }, 400, 5.1],
  [{ kind: 'gamma', mean: 40, cv: 0.2 }, 64, 0.24],
  [{ kind: 'gamma', mean: 40, cv: 2 }, 6400, 24],
  [{ kind: 'gamma', mean: 40, cv: 0.005 }, 0.04, 0],
  [{ kind: 'weibull', mean: 40, shape: 2 }, 1600 * (4 / Math.PI - 1), 0.25],
  [{ kind: 'weibull', mean: 40, shape: 0.5 }, 1600 * 5, 84.7],
  [{ kind: 'pareto', mean: 40, shape: 6 }, 1600 / 24, 35.7],
  [{ kind: 'hyperexponential', mean: 40, cv: 2 }, 6400, 25.5],
  [{ kind: 'geometric', mean: 12 }, 132, 6.008],
  [{ kind: 'empirical', file: 'work.csv', sha256: '' }, 300, -1.2],
];
const named = LAWS.map(([d, ...rest]) => [JSON.stringify(d), d, ...rest] as const);

const draws = (d: Distribution): Float64Array => {
  const [draw, keyed] = [sampler(d, INPUTS), new Draws(1, 'distributions')];
  return Float64Array.from({ length: N }, (_, i) => draw(keyed.uniform(i)));
};
const mean = (xs: Float64Array): number => xs.reduce((a, b) => a + b, 0) / xs.length;

describe.each(named)('%s', (_, d, variance, kurtosis) => {
  const expected = meanOf(d, INPUTS);

  it('has the mean and the variance of theory', () => {
    const xs = draws(d);
    const found = mean(xs);
    const spread = mean(xs.map((x) => (x - expected) ** 2));
    if (variance === 0) {
      expect([found, spread]).toEqual([expected, 0]);
      return;
    }
    expect(Math.abs(zOfSample(found, expected, Math.sqrt(variance), N))).toBeLessThan(4);
    const error = variance * Math.sqrt(kurtosis + 2);
    expect(Math.abs(zOfSample(spread, variance, error, N))).toBeLessThan(4);
  });

  it('never falls as u rises', () => {
    const draw = sampler(d, INPUTS);
    let last = -Infinity;
    for (let i = 1; i < 20_000; i++) {
      const x = draw(i / 20_000);
      expect(x).toBeGreaterThanOrEqual(last);
      last = x;
    }
  });

  it('is finite and not negative at both ends of a draw', () => {
    for (const u of [2 ** -53, 1 - 2 ** -53]) {
      const x = sampler(d, INPUTS)(u);
      expect(Number.isFinite(x)).toBe(true);
      expect(x).toBeGreaterThanOrEqual(0);
    }
  });

  it('gives durations in whole microseconds', () => {
    const [draw, exact] = [durationSampler(d, INPUTS), sampler(d, INPUTS)];
    for (const u of [0.001, 0.3, 0.5, 0.9, 0.999]) {
      expect(draw(u)).toBe(Math.round(exact(u) * 1000) / 1000);
    }
  });
});

describe('exact quantiles', () => {
  const at = (d: Distribution, u: number): number => sampler(d, INPUTS)(u);
  const phi = (z: number): number => cumulativeStdNormalProbability(z);

  it('exponential: the median is mean * ln 2', () => {
    expect(at({ kind: 'exponential', mean: 40 }, 0.5)).toBeCloseTo(40 * HALF, 12);
  });

  it('uniform: a quarter of the way', () => {
    expect(at({ kind: 'uniform', min: 10, max: 30 }, 0.25)).toBe(15);
  });

  it('normal: 1.96 standard deviations at 97.5 %, far from 0', () => {
    const d: Distribution = { kind: 'normal', mean: 1000, sd: 10 };
    expect(at(d, 0.975)).toBeCloseTo(1000 + 10 * 1.959963984540054, 9);
    expect(at(d, 0.025)).toBeCloseTo(1000 - 10 * 1.959963984540054, 9);
  });

  it('normal: truncated at 0, the half normal has its median at 0.6745 sd and its mean at sqrt(2/pi) sd', () => {
    const d: Distribution = { kind: 'normal', mean: 0, sd: 10 };
    expect(at(d, 0.5)).toBeCloseTo(6.744897501960817, 9);
    expect(meanOf(d, INPUTS)).toBeCloseTo(10 * Math.sqrt(2 / Math.PI), 9);
  });

  it('normal: a value below the median of the truncated law has the share that the table says', () => {
    const d: Distribution = { kind: 'normal', mean: 10, sd: 10 };
    const x = at(d, 0.3);
    const share = (phi((x - 10) / 10) - phi(-1)) / phi(1);
    expect(share).toBeCloseTo(0.3, 2);
  });

  it('lognormal: the median is mean / sqrt(1 + cv^2)', () => {
    expect(at({ kind: 'lognormal', mean: 40, cv: 1 }, 0.5)).toBeCloseTo(40 / Math.SQRT2, 12);
  });

  it('gamma of cv 1 is the exponential', () => {
    for (const u of [2 ** -53, 1e-6, 0.1, 0.5, 0.9, 0.999999, 1 - 2 ** -53]) {
      expect(at({ kind: 'gamma', mean: 1, cv: 1 }, u) / -Math.log1p(-u)).toBeCloseTo(1, 8);
    }
  });

  it('gamma of cv sqrt 2 is the chi-square of one degree', () => {
    const z = 1.959963984540054;
    expect(at({ kind: 'gamma', mean: 1, cv: Math.SQRT2 }, 0.95) / z ** 2).toBeCloseTo(1, 8);
  });

  it('gamma of cv 1/sqrt 2 solves 1 - (1 + x) exp(-x) = u', () => {
    for (const u of [0.001, 0.2, 0.5, 0.8, 0.999]) {
      const x = 2 * at({ kind: 'gamma', mean: 1, cv: Math.SQRT1_2 }, u);
      expect((1 - (1 + x) * Math.exp(-x)) / u).toBeCloseTo(1, 8);
    }
  });

  it('gamma of 20 halves: the 95 % point of chi-square with 20 degrees is 31.4104', () => {
    expect(20 * at({ kind: 'gamma', mean: 1, cv: Math.sqrt(0.1) }, 0.95)).toBeCloseTo(31.4104, 4);
  });

  it('weibull: 63.2 % lie below the scale, mean / Gamma(1 + 1/shape)', () => {
    const scale = 40 / Math.exp(gammaln(1 + 1 / 1.7));
    const x = at({ kind: 'weibull', mean: 40, shape: 1.7 }, 1 - Math.exp(-1));
    expect(x / scale).toBeCloseTo(1, 9);
  });

  it('pareto of shape 2: half the mean at least, and twice that at 75 %', () => {
    const d: Distribution = { kind: 'pareto', mean: 40, shape: 2 };
    expect(at(d, 1e-15)).toBeCloseTo(20, 10);
    expect(at(d, 0.75)).toBeCloseTo(40, 10);
  });

  it('hyperexponential: the share above x is that of its two phases', () => {
    const quick = (1 + Math.sqrt(3 / 5)) / 2;
    for (const u of [0.01, 0.5, 0.9, 0.99, 0.9999]) {
      const x = at({ kind: 'hyperexponential', mean: 1, cv: 2 }, u);
      const above = quick * Math.exp(-2 * quick * x) + (1 - quick) * Math.exp(-2 * (1 - quick) * x);
      expect(above / (1 - u)).toBeCloseTo(1, 9);
    }
  });

  it('hyperexponential of cv 1 is the exponential', () => {
    expect(at({ kind: 'hyperexponential', mean: 40, cv: 1 }, 0.5)).toBeCloseTo(40 * HALF, 9);
  });

  it('geometric: of mean 4, a quarter are 1 and 7/16 at most 2', () => {
    const d: Distribution = { kind: 'geometric', mean: 4 };
    expect([0.2499, 0.2501, 0.4374, 0.4376].map((u) => at(d, u))).toEqual([1, 2, 2, 3]);
  });

  it('geometric of mean 1 is always 1', () => {
    expect([1e-9, 0.5, 1 - 1e-9].map((u) => at({ kind: 'geometric', mean: 1 }, u))).toEqual([
      1, 1, 1,
    ]);
  });

  it('empirical: every sample has its share, whatever the order of the file', () => {
    const d: Distribution = { kind: 'empirical', file: 'work.csv', sha256: '' };
    const sorted = SAMPLES.toSorted();
    for (let i = 0; i < 8; i++) expect(at(d, (i + 0.5) / 8)).toBe(sorted[i]);
    expect(SAMPLES[0]).toBe(30);
  });

  it('empirical: says which file is missing', () => {
    expect(() => sampler({ kind: 'empirical', file: 'other.csv', sha256: '' }, INPUTS)).toThrow(
      new InvariantError('no samples were read from other.csv'),
    );
  });
});

describe('laws without spread', () => {
  it.each<Distribution>([
    { kind: 'uniform', min: 5, max: 5 },
    { kind: 'normal', mean: 5, sd: 0 },
    { kind: 'lognormal', mean: 5, cv: 0 },
    { kind: 'gamma', mean: 5, cv: 0 },
  ])('$kind is then its mean', (d) => {
    expect([0.001, 0.5, 0.999].map(sampler(d, {}))).toEqual([5, 5, 5]);
  });

  it('of mean 0 are 0', () => {
    const zeros: readonly Distribution[] = [
      { kind: 'exponential', mean: 0 },
      { kind: 'lognormal', mean: 0, cv: 1 },
      { kind: 'gamma', mean: 0, cv: 1 },
      { kind: 'weibull', mean: 0, shape: 2 },
      { kind: 'pareto', mean: 0, shape: 2 },
      { kind: 'hyperexponential', mean: 0, cv: 2 },
    ];
    for (const d of zeros) expect(durationSampler(d, {})(0.7) + 0).toBe(0);
  });

  it('only `constant` is told as constant', () => {
    expect(LAWS.filter(([d]) => isConstant(d)).map(([d]) => d.kind)).toEqual(['constant']);
  });

  it('a negative constant is no duration: it counts as 0', () => {
    expect(durationSampler({ kind: 'constant', value: -3 }, {})(0.5)).toBe(0);
  });
});
