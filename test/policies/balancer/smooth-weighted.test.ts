import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import { SmoothWeighted } from '../../../src/policies/balancer/smooth-weighted.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

const among = (maxFails: number, ...weights: number[]) => {
  const balancer = new SmoothWeighted(maxFails);
  const arena = new Arena(balancer);
  weights.forEach((weight, server) => arena.join(server, weight));
  const fail = (server: number, outcome: Outcome) => balancer.settled(0, server, outcome);
  const picks = (count: number) => Array.from({ length: count }, () => arena.callAlone()).join('');
  return { arena, fail, picks };
};

describe('smooth weighted round robin', () => {
  it('interleaves: five, one and one are a a b a c a a', () => {
    expect(among(1, 5, 1, 1).picks(14)).toBe('00102000010200');
  });

  it('takes a whole weight away for a failure, and gives 1 back a pick', () => {
    const { fail, picks } = among(1, 4, 4);
    fail(0, 'timeout');
    // Current weights at the picks, server 0 rising by 0 1 2 3 4 4: 0|4, 1|4, 3|3, 0|7, 4|4, 0|8; the totals are 4 to 8.
    expect(picks(6)).toBe('110101');
  });

  it('takes the whole part of weight / maxFails away', () => {
    const { fail, picks } = among(3, 1, 1);
    fail(0, 'timeout');
    expect(picks(4)).toBe('0101');
  });

  it.each(['refused', 'reset', 'timeout'] as const)('counts a call that is %s', (outcome) => {
    const { fail, picks } = among(1, 1, 1);
    fail(0, outcome);
    expect(picks(1)).toBe('1');
  });

  it.each(['http-5xx', 'overloaded', 'tool-error', 'cancelled', 'ok'] as const)(
    'does not count a call that ends with %s',
    (outcome) => {
      const { fail, picks } = among(1, 1, 1);
      fail(0, outcome);
      expect(picks(1)).toBe('0');
    },
  );

  it('counts no failure when told so', () => {
    const { fail, picks } = among(0, 1, 1);
    fail(0, 'timeout');
    expect(picks(1)).toBe('0');
  });
});
