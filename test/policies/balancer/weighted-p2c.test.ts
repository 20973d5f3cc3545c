import { describe, expect, it } from 'vitest';
import { sequential, type Rng } from '../../../src/core/rng.ts';
import { WeightedP2c } from '../../../src/policies/balancer/weighted-p2c.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

/** Points on the line of weights laid end to end, as shares of its length. */
const scripted = (...points: number[]): Rng => ({
  next: () => points.shift()!,
  below: () => {
    throw new Error('weighted draws are points');
  },
});

const among = (
  weights: readonly number[],
  calls: readonly number[],
  rng: Rng,
  replacement = false,
) => {
  const balancer = new WeightedP2c({ choices: 2, replacement }, rng);
  const arena = new Arena(balancer);
  weights.forEach((weight, server) => {
    arena.join(server, weight);
    for (let k = 0; k < calls[server]!; k++) balancer.sent(0, server);
  });
  return arena;
};

describe('the power of two choices by weight', () => {
  it('takes the one with fewer calls for its weight, the second drawn on a tie', () => {
    expect(among([1, 3], [1, 2], scripted(0.1, 0.5)).call()).toBe(1);
    expect(among([1, 3], [1, 4], scripted(0.5, 0.1)).call()).toBe(0);
    expect(among([1, 3], [1, 3], scripted(0.1, 0.5)).call()).toBe(1);
    expect(among([1, 3], [1, 3], scripted(0.5, 0.1)).call()).toBe(0);
  });

  it('draws the second until it differs, and gives up after 20 tries', () => {
    expect(among([1, 1], [0, 9], scripted(0.9, 0.9, 0.9, 0.1)).call()).toBe(0);
    const stubborn = Array.from({ length: 21 }, () => 0.9);
    expect(among([1, 1], [0, 9], scripted(...stubborn)).call()).toBe(1);
  });

  it('with replacement takes what it has drawn twice', () => {
    expect(among([1, 1], [0, 9], scripted(0.9, 0.9), true).call()).toBe(1);
  });

  it('draws by weight', () => {
    // Server 2 is never loaded less than the others, so it wins only when drawn first and second: with weights 1, 1, 2 and
    // replacement that is a quarter of the time.
    const arena = among([1, 1, 2], [0, 0, 1000], sequential(1, 'weighted-p2c'), true);
    const counts = arena.tally(4000);
    expect(Math.abs(counts.get(2)! - 1000)).toBeLessThan(4 * Math.sqrt(750));
  });
});
