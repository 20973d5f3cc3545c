/** Control variates take out the luck that the controls explain, and no more. */
import { describe, expect, it } from 'vitest';
import { Draws } from '../../src/core/rng.ts';
import { controlled } from './control-variates.ts';

const draws = new Draws(1, 'control variates');
const noise = (k: number, of: number): number => draws.uniform(k, of) - 0.5;
const replications = Array.from({ length: 30 }, (_, k) => k);

describe('a controlled mean', () => {
  it('is exact where the controls explain everything', () => {
    const deviations = replications.map((k) => [noise(k, 1), noise(k, 2)]);
    const values = deviations.map(([a, b]) => 7 + 3 * a! - 2 * b!);
    const { mean, se } = controlled(values, deviations);
    expect(mean).toBeCloseTo(7, 12);
    expect(se).toBeCloseTo(0, 12);
  });

  it('keeps the noise that no control explains', () => {
    const deviations = replications.map((k) => [noise(k, 1)]);
    const values = deviations.map(([a], k) => 7 + 30 * a! + noise(k, 3));
    const { mean, se } = controlled(values, deviations);
    expect(Math.abs(mean - 7)).toBeLessThan(4 * se);
    expect(se).toBeGreaterThan(0.03);
    expect(se).toBeLessThan(0.08);
  });

  it('without controls is the mean with its standard error', () => {
    const { mean, se } = controlled([1, 2, 3], [[], [], []]);
    expect(mean).toBeCloseTo(2, 12);
    expect(se).toBeCloseTo(1 / Math.sqrt(3), 12);
  });
});
