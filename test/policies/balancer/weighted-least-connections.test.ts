import { describe, expect, it } from 'vitest';
import { WeightedLeastConnections } from '../../../src/policies/balancer/weighted-least-connections.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

const among = (...weights: number[]): Arena => {
  const arena = new Arena(new WeightedLeastConnections());
  weights.forEach((weight, server) => arena.join(server, weight));
  return arena;
};

describe('weighted least connections', () => {
  it('fills idle servers first, then by (calls + 1) / weight', () => {
    const arena = among(2, 1);
    // Both idle: in turn. Then 2/2 against 2/1, 3/2 against 2/1, 4/2 against 2/1 (a tie: server 1 has stood there longer).
    expect(Array.from({ length: 5 }, () => arena.call())).toEqual([0, 1, 0, 0, 1]);
  });

  it('takes idle servers for equal whatever they weigh', () => {
    const arena = among(1, 100);
    expect([arena.callAlone(), arena.callAlone(), arena.callAlone()]).toEqual([0, 1, 0]);
  });

  it('keeps calls within the bound of the rule while they pile up', () => {
    // The last call of a server with a >= 2 found it at a / w, no higher than the (b + 1) / v of any other. Summed over all
    // weights V: a V / w <= k + n, so nobody has more than (k + n) w / V calls, or one.
    const weights = [0.2, 1, 2, 5, 11];
    const total = weights.reduce((sum, weight) => sum + weight);
    const arena = among(...weights);
    const counts = weights.map(() => 0);
    for (let k = 1; k <= 2000; k++) {
      counts[arena.call()]! += 1;
      for (const [server, weight] of weights.entries()) {
        const bound = Math.max(1, ((k + weights.length) * weight) / total);
        if (counts[server]! > bound + 1e-9) expect.fail(`call ${k}: s${server} has too many`);
      }
    }
    for (const [server, weight] of weights.entries())
      expect(Math.abs(counts[server]! - (2000 * weight) / total)).toBeLessThan(3);
  });

  it('remembers the calls of a server that was away', () => {
    const arena = among(1, 1);
    for (let k = 0; k < 4; k++) arena.call();
    arena.leave(0);
    arena.settle(0);
    arena.join(0);
    expect([arena.call(), arena.call()]).toEqual([0, 1]);
  });
});
