import { describe, expect, it } from 'vitest';
import { LeakySum } from '../../../src/policies/budget/leaky-sum.ts';
import { ShareBudget } from '../../../src/policies/budget/share.ts';
import { Throttle } from '../../../src/policies/budget/throttle.ts';
import { TokenBucket } from '../../../src/policies/budget/token-bucket.ts';
import { sequential } from '../../../src/core/rng.ts';

describe('the token bucket', () => {
  const bucket = (change: object = {}) =>
    new TokenBucket({ ttl: 10_000, share: 0.2, reserve: 0, ...change });

  it('lets one of five requests be tried again, and starts with nothing', () => {
    const budget = bucket();
    expect(budget.admits(0)).toBe(false);
    for (let request = 0; request < 4; request++) budget.arrived(0);
    expect(budget.admits(0)).toBe(false);
    budget.arrived(0);
    expect(budget.admits(0)).toBe(true);
    budget.spent(0);
    expect(budget.admits(0)).toBe(false);
  });

  it('forgets requests after its ttl', () => {
    const budget = bucket();
    for (let request = 0; request < 50; request++) budget.arrived(500);
    expect(budget.balance(9999)).toBe(10);
    expect(budget.balance(10_000)).toBe(0);
  });

  it('has a reserve for quiet times, which comes back after its ttl', () => {
    const budget = bucket({ reserve: 10 });
    let retries = 0;
    for (; budget.admits(0); retries++) budget.spent(0);
    expect(retries).toBe(100);
    expect(budget.admits(9999)).toBe(false);
    expect(budget.balance(10_000)).toBe(100);
  });

  it('without share and reserve lets none pass', () => {
    const budget = bucket({ share: 0 });
    for (let request = 0; request < 1000; request++) budget.arrived(0);
    expect(budget.admits(0)).toBe(false);
  });
});

describe('the leaky sum', () => {
  it('agrees with a plain list of what was added in the last ten slices', () => {
    const chance = sequential(1, 'leaky');
    const sum = new LeakySum(1000);
    const added: { readonly slice: number; readonly amount: number }[] = [];
    let now = 0;
    for (let step = 0; step < 2000; step++) {
      now += chance.next() < 0.02 ? 2500 * chance.next() : 30 * chance.next();
      const slice = Math.floor(now / 100);
      const plain = (at: number): number =>
        added.reduce((total, each) => total + (each.slice > at - 10 ? each.amount : 0), 0);
      expect(sum.at(now)).toBe(plain(slice));
      expect(sum.at(now + 550)).toBe(plain(Math.floor((now + 550) / 100)));
      const amount = chance.below(2000) - 900;
      sum.add(now, amount);
      added.push({ slice, amount });
    }
  });
});

describe('the share', () => {
  const budget = new ShareBudget({ share: 0.2, least: 3 });

  it('admits a retry while the others in flight are fewer than a fifth', () => {
    expect(budget.admits(0, 100, 19)).toBe(true);
    expect(budget.admits(0, 100, 20)).toBe(false);
    expect(budget.admits(0, 99, 19)).toBe(false);
  });

  it('always admits three', () => {
    expect(budget.admits(0, 1, 2)).toBe(true);
    expect(budget.admits(0, 1, 3)).toBe(false);
  });
});

describe('the throttle', () => {
  const full = () => new Throttle({ tokens: 10, ratio: 0.1 });
  const settle = (budget: Throttle, count: number, outcome: 'ok' | 'timeout') => {
    for (let attempt = 0; attempt < count; attempt++) budget.settled(0, outcome);
    return budget.admits();
  };

  it('stops retries at the fifth failure, when it is half full', () => {
    const budget = full();
    expect(settle(budget, 4, 'timeout')).toBe(true);
    expect(settle(budget, 1, 'timeout')).toBe(false);
  });

  it('allows them again after ten answers for each failure too many', () => {
    const budget = full();
    settle(budget, 6, 'timeout');
    expect(settle(budget, 10, 'ok')).toBe(false);
    expect(settle(budget, 1, 'ok')).toBe(true);
  });

  it('is never more than full nor less than empty', () => {
    const budget = full();
    settle(budget, 1000, 'ok');
    expect(settle(budget, 5, 'timeout')).toBe(false);
    settle(budget, 1000, 'timeout');
    expect(settle(budget, 50, 'ok')).toBe(false);
    expect(settle(budget, 1, 'ok')).toBe(true);
  });

  it('takes a tool error for an answer, and a cancelled call for nothing', () => {
    const budget = full();
    settle(budget, 5, 'timeout');
    budget.settled(0, 'cancelled');
    expect(budget.admits()).toBe(false);
    budget.settled(0, 'tool-error');
    expect(budget.admits()).toBe(true);
  });
});
