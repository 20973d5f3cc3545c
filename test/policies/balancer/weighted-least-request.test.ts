import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import {
  WeightedLeastRequest,
  type LeastRequestOptions,
} from '../../../src/policies/balancer/weighted-least-request.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

const OPTIONS: LeastRequestOptions = { choices: 2, scan: false, bias: 1 };

const among = (weights: readonly number[], options: Partial<LeastRequestOptions> = {}) => {
  const balancer = new WeightedLeastRequest(
    { ...OPTIONS, ...options },
    sequential(1, 'least-request'),
  );
  const arena = new Arena(balancer);
  weights.forEach((weight, server) => arena.join(server, weight));
  const load = (server: number, calls: number) => {
    for (let k = 0; k < calls; k++) balancer.sent(0, server);
  };
  const share = (server: number, calls: number) => (arena.tally(calls).get(server) ?? 0) / calls;
  return { arena, load, share };
};

describe('weighted least request', () => {
  it('with equal weights takes the worse of two servers a quarter of the time, as it draws with replacement', () => {
    const { load, share } = among([1, 1]);
    load(0, 5);
    expect(Math.abs(share(0, 4000) - 0.25)).toBeLessThan(4 * Math.sqrt(0.25 * 0.75 * (1 / 4000)));
  });

  it('with equal weights and `scan` takes the least loaded, ties drawn', () => {
    const { load, arena } = among([3, 3, 3, 3], { scan: true });
    load(0, 2);
    load(3, 1);
    const counts = arena.tally(4000);
    expect(counts.get(0)).toBeUndefined();
    expect(counts.get(3)).toBeUndefined();
    expect(Math.abs(counts.get(1)! - 2000)).toBeLessThan(4 * Math.sqrt(1000));
  });

  it('with unequal weights divides the weight by calls + 1, to the power of the bias', () => {
    // Server 1 has 3 calls of its own: 4 / 4^bias against 1.
    for (const [bias, expected] of [
      [0, 0.8],
      [1, 0.5],
      [2, 0.2],
      [0.5, 2 / 3],
    ] as const) {
      const { load, share } = among([1, 4], { bias });
      load(1, 3);
      expect(share(1, 3000)).toBeCloseTo(expected, 2);
    }
  });

  it('knows unequal weights from who is there now', () => {
    const { arena, load, share } = among([1, 1, 5]);
    arena.leave(2);
    load(0, 5);
    // Two servers of equal weight again: drawn, and the loaded one wins only when drawn twice.
    expect(Math.abs(share(0, 4000) - 0.25)).toBeLessThan(4 * Math.sqrt(0.25 * 0.75 * (1 / 4000)));
  });

  it('reads the load of a server only when it has its turn, as it is known to', () => {
    const { arena, load } = among([1, 1.001]);
    arena.tally(10);
    load(0, 999);
    // Its next turn was fixed before it got stuck; after that one it waits for a thousand strides.
    expect(arena.tally(10).get(0)).toBe(1);
    expect(arena.tally(900).get(0) ?? 0).toBeLessThan(2);
  });
});
