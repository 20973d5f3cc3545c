import { gammaln } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { logGamma, logIncompleteGamma } from '../../src/core/gamma-function.ts';
import { gammaLaw } from '../../src/core/gamma-law.ts';
import { hyperexponentialQuantile } from '../../src/core/hyperexponential-law.ts';
import { normalCdf, normalQuantile } from '../../src/core/normal.ts';
import { tabulated } from '../../src/core/quantile-table.ts';

const SHAPES = [0.001, 0.01, 0.1, 0.25, 0.9, 1, 1.5, 4, 25, 400, 9999, 10_001, 1e6];
const ENDS = [2 ** -53, 1e-12, 1e-6, 1 - 1e-6, 1 - 1e-12, 1 - 2 ** -53];
const GRID = [...Array.from({ length: 199 }, (_, i) => (i + 1) / 200), ...ENDS];

describe('logGamma', () => {
  it('agrees with factorials and with the half', () => {
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
  });

  it('agrees with simple-statistics from 1e-4 to 1e6', () => {
    for (let x = 1e-4; x < 1e6; x *= 1.7) {
      expect(Math.abs(logGamma(x) - gammaln(x))).toBeLessThan(1e-9 * (1 + Math.abs(gammaln(x))));
    }
  });
});

describe('logIncompleteGamma', () => {
  it('has halves that add up to 1, on both sides of the mean', () => {
    for (const shape of SHAPES.slice(0, 11)) {
      for (const factor of [0.5, 0.9, 1, 1.1, 2]) {
        const { lower, upper } = logIncompleteGamma(shape, Math.log(shape * factor));
        expect(Math.exp(lower) + Math.exp(upper)).toBeCloseTo(1, 12);
      }
    }
  });

  it('of shape 1 is 1 - exp(-x)', () => {
    for (const x of [0.01, 1, 1.99, 2.01, 30]) {
      expect(logIncompleteGamma(1, Math.log(x)).upper).toBeCloseTo(-x, 12);
    }
  });
});

describe('the normal quantile', () => {
  it('has the values that tables have', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.999)).toBeCloseTo(3.090232306167814, 13);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 13);
  });

  it('is undone by the distribution function, far into the tails', () => {
    for (const p of GRID) expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 11);
  });
});

describe('the gamma quantile', () => {
  it.each(SHAPES.slice(0, 11))(
    'of shape %d is undone by the incomplete gamma function',
    (shape) => {
      const law = gammaLaw(shape);
      for (const u of GRID) {
        const { lower, upper } = logIncompleteGamma(shape, law.logQuantile(u));
        const [found, wanted] = u < 0.5 ? [lower, Math.log(u)] : [upper, Math.log(1 - u)];
        expect(Math.abs(found - wanted)).toBeLessThan(1e-9);
      }
    },
  );

  it.each(SHAPES)('of shape %d is tabulated to 1e-6', (shape) => {
    const law = gammaLaw(shape);
    const quantile = tabulated(law);
    for (const u of GRID) {
      const exact = Math.exp(law.logQuantile(u));
      if (exact > 1e-300) expect(Math.abs(quantile(u) / exact - 1)).toBeLessThan(1e-6);
    }
  });

  it('passes to the Wilson-Hilferty cube at shape 10,000 with a step below 1e-6, 6e-6 at the ends', () => {
    const [searched, cubed] = [gammaLaw(10_000), gammaLaw(10_000.000_001)];
    for (const u of GRID) {
      const step = cubed.logQuantile(u) - searched.logQuantile(u);
      const atTheEnds = u < 1e-6 || u > 1 - 1e-6;
      expect(Math.abs(step)).toBeLessThan(atTheEnds ? 6e-6 : 1e-6);
    }
  });
});

describe('the hyperexponential quantile', () => {
  it.each([1, 1.01, 2, 10, 50])('of cv %d leaves the right share above it', (cv) => {
    const quantile = hyperexponentialQuantile(cv);
    const quick = (1 + Math.sqrt((cv * cv - 1) / (cv * cv + 1))) / 2;
    for (const u of GRID) {
      const x = quantile(u);
      const above = quick * Math.exp(-2 * quick * x) + (1 - quick) * Math.exp(-2 * (1 - quick) * x);
      expect(above / (1 - u)).toBeCloseTo(1, 9);
    }
  });
});
