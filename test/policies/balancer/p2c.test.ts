import { describe, expect, it } from 'vitest';
import { sequential, type Rng } from '../../../src/core/rng.ts';
import { P2c } from '../../../src/policies/balancer/p2c.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

/** Yields the given draws, each taken modulo the number of choices. */
const scripted = (...draws: number[]): Rng => ({
  next: () => {
    throw new Error('p2c draws whole numbers');
  },
  below: (n) => draws.shift()! % n,
});

/** Servers 0..n-1 with these calls in flight, then one pick by the given draws. */
const pickAmong = (
  active: readonly number[],
  draws: readonly number[],
  options = { choices: 2, replacement: false },
): number => {
  const balancer = new P2c(options, scripted(...draws));
  const arena = new Arena(balancer, active.keys());
  active.forEach((count, server) => {
    for (let k = 0; k < count; k++) balancer.sent(0, server);
  });
  return arena.call();
};

describe('the power of two choices', () => {
  it('takes the less loaded of the two drawn, and the first drawn on a tie', () => {
    expect(pickAmong([5, 1, 1], [0, 0])).toBe(1);
    expect(pickAmong([1, 1, 0], [1, 0])).toBe(1);
  });

  it('never draws the same server twice: a draw steps over those drawn before', () => {
    // Drawn 1 of {0, 1, 2}, then 1 of what is left, {0, 2}.
    expect(pickAmong([9, 9, 0], [1, 1])).toBe(2);
    expect(pickAmong([9, 0, 9], [0, 0])).toBe(1);
    expect(pickAmong([3, 2, 1, 0], [3, 2, 1], { choices: 3, replacement: false })).toBe(3);
    expect(pickAmong([0, 7, 7, 8], [2, 1, 1], { choices: 3, replacement: false })).toBe(2);
  });

  it('with replacement may draw the same server twice', () => {
    expect(pickAmong([4, 3], [0, 0], { choices: 2, replacement: true })).toBe(0);
  });

  it('takes the worse of two servers never, and with replacement a quarter of the time', () => {
    const worse = (replacement: boolean) => {
      const balancer = new P2c({ choices: 2, replacement }, sequential(1, 'p2c'));
      balancer.joined(0, 0);
      balancer.joined(0, 1);
      balancer.sent(0, 0);
      const candidates = { size: 2, at: (index: number) => index, has: () => true };
      let picked = 0;
      for (let k = 0; k < 4000; k++)
        picked += Number(balancer.pick(0, null as never, candidates) === 0);
      return picked;
    };
    expect(worse(false)).toBe(0);
    // Binomial with p = 1/4: four standard errors of 4,000 draws are 110.
    expect(Math.abs(worse(true) - 1000)).toBeLessThan(110);
  });

  it('draws every pair of servers alike', () => {
    const balancer = new P2c({ choices: 2, replacement: false }, sequential(2, 'p2c'));
    const arena = new Arena(balancer, [0, 1, 2, 3]);
    // Server k carries k calls, so server 0 wins each of its three pairs of six, 1 two, 2 one, 3 none.
    [0, 1, 2, 3].forEach((server) => {
      for (let k = 0; k < server * 1000; k++) balancer.sent(0, server);
    });
    const counts = arena.tally(12_000);
    [6000, 4000, 2000].forEach((expected, server) => {
      const sd = Math.sqrt(expected * (1 - expected / 12_000));
      expect(Math.abs(counts.get(server)! - expected)).toBeLessThan(4 * sd);
    });
    expect(counts.get(3)).toBeUndefined();
  });
});
