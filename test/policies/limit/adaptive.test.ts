/** The three adaptive limits on one scope: what each learns, how fast, and what it is blind to. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import { sequential } from '../../../src/core/rng.ts';
import { AimdLimit, type AimdOptions } from '../../../src/policies/limit/aimd.ts';
import { Gradient2Limit, type Gradient2Options } from '../../../src/policies/limit/gradient2.ts';
import { LIMITS } from '../../../src/policies/limit/index.ts';
import type { Limit } from '../../../src/policies/limit/limit.ts';
import { VegasLimit, type VegasOptions } from '../../../src/policies/limit/vegas.ts';

const settle = (
  limit: Limit,
  tookMs: number,
  inFlight: number,
  outcome: Outcome = 'ok',
): number => {
  limit.settled(0, outcome, tookMs, inFlight);
  return limit.limit();
};

/** The mean limit over the later half of 2,000 calls to an idle server; work lognormal with this variation, limit in use. */
const meanOn = (limit: Limit, variation: number): number => {
  const chance = sequential(1, 'work');
  const sigma = Math.sqrt(Math.log(1 + variation ** 2));
  let sum = 0;
  for (let call = 0; call < 2000; call++) {
    const normal =
      Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
    const now = settle(limit, 100 * Math.exp(sigma * normal), limit.limit());
    if (call >= 1000) sum += now;
  }
  return sum / 1000;
};

describe('aimd', () => {
  const aimd = (change: Partial<AimdOptions> = {}) =>
    new AimdLimit({ initial: 20, min: 1, max: 200, backoff: 0.9, timeout: 5000, ...change });

  it('grows by one when half of it is in use, and not below', () => {
    expect(settle(aimd(), 1, 10)).toBe(21);
    expect(settle(aimd(), 1, 9)).toBe(20);
  });

  it('falls by a tenth, rounded down, for a timeout, a 503 and an answer later than 5 s', () => {
    expect(settle(aimd(), 100, 20, 'timeout')).toBe(18);
    expect(settle(aimd(), 1, 20, 'overloaded')).toBe(18);
    expect(settle(aimd(), 5001, 20)).toBe(18);
    expect(settle(aimd(), 5000, 20)).toBe(21);
    expect(settle(aimd({ initial: 9 }), 1, 9, 'timeout')).toBe(8);
  });

  it('stays within its bounds', () => {
    expect(settle(aimd({ max: 20 }), 1, 20)).toBe(20);
    expect(settle(aimd({ min: 20 }), 1, 20, 'timeout')).toBe(20);
  });
});

describe('vegas', () => {
  const vegas = (change: Partial<VegasOptions> = {}) =>
    new VegasLimit(
      { initial: 20, min: 1, max: 1000, smoothing: 1, probeMultiplier: 30, ...change },
      sequential(1, 'limit'),
    );
  const measured = (change: Partial<VegasOptions> = {}) => {
    const limit = vegas({ initial: 10, ...change });
    settle(limit, 100, 1);
    return limit;
  };

  it('takes the first time for an unloaded one, and does not move by it', () => {
    expect(settle(vegas(), 100, 20)).toBe(20);
  });

  it('grows by six steps without a queue, by one with a small one, holds, and falls', () => {
    expect(settle(measured(), 100, 10)).toBe(16);
    expect(settle(measured(), 112, 10)).toBe(11);
    expect(settle(measured(), 140, 10)).toBe(10);
    expect(settle(measured(), 250, 10)).toBe(10);
    expect(settle(measured(), 251, 10)).toBe(9);
  });

  it('takes larger steps when it is large', () => {
    expect(settle(measured({ initial: 100, max: 1000 }), 100, 100)).toBe(112);
    expect(settle(measured({ initial: 99, max: 1000 }), 100, 99)).toBe(105);
  });

  it('does not take the time of a refusal for the shortest one', () => {
    const limit = measured();
    settle(limit, 0.1, 10, 'overloaded');
    expect(limit.limit()).toBe(9);
    expect(settle(limit, 100, 9)).toBe(15);
  });

  it('finds the slots of a server: ten that take 100 ms each', () => {
    const limit = vegas({ initial: 5 });
    const seen: number[] = [];
    for (let call = 0; call < 150; call++) {
      const inFlight = limit.limit();
      seen.push(settle(limit, 100 * Math.max(1, inFlight / 10), inFlight));
    }
    const settled = seen.slice(20);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(13);
    expect(Math.max(...settled)).toBeLessThanOrEqual(16);
  });

  it('measures the unloaded time anew after 15 to 30 times as many answers as its limit', () => {
    const limit = measured({ initial: 6 });
    let answers = 1;
    // Times are twice as long for good, which looks like a queue of 3 and holds; as the new measure they let it grow.
    while (settle(limit, 200, 6) === 6) answers++;
    expect(answers).toBeGreaterThanOrEqual(6 * 15);
    expect(answers).toBeLessThanOrEqual(6 * 30);
  });

  it('sinks on an idle server whose calls are light and heavy', () => {
    expect(meanOn(vegas(), 0.1)).toBeGreaterThan(14);
    expect(meanOn(vegas(), 0.3)).toBeLessThan(13);
    expect(meanOn(vegas(), 1)).toBeLessThan(8);
  });
});

describe('gradient2', () => {
  const gradient2 = (change: Partial<Gradient2Options> = {}) =>
    new Gradient2Limit({
      initial: 20,
      min: 1,
      max: 200,
      smoothing: 0.2,
      queue: 4,
      tolerance: 1.5,
      longWindow: 600,
      ...change,
    });

  it('moves a fifth of the way to its limit times the gradient plus four', () => {
    expect(settle(gradient2({ initial: 100 }), 100, 100)).toBe(100);
    const limit = gradient2({ initial: 100, smoothing: 1 });
    expect(settle(limit, 100, 100)).toBe(104);
    // The mean of 100 and 500 is 300; 1.5 x 300 / 500 = 0.9.
    expect(settle(limit, 500, 104)).toBe(Math.floor(104 * 0.9 + 4));
  });

  it('never takes more than half at a time, however slow the call', () => {
    const limit = gradient2({ initial: 100, smoothing: 1 });
    for (let call = 0; call < 10; call++) settle(limit, 10, 1);
    expect(settle(limit, 1e6, 100)).toBe(54);
  });

  it('does not move while less than half of it is in use', () => {
    const limit = gradient2();
    for (let call = 0; call < 100; call++) settle(limit, 10, 9);
    expect(limit.limit()).toBe(20);
  });

  it('does not mind work that varies a little, where vegas sinks, but minds much', () => {
    expect(meanOn(gradient2(), 0.3)).toBeGreaterThan(150);
    expect(meanOn(gradient2(), 1)).toBeLessThan(30);
  });

  it('learns an overload that lasts, and rises against its better knowledge', () => {
    const limit = gradient2();
    for (let call = 0; call < 100; call++) settle(limit, 100, 20);
    for (let call = 0; call < 40; call++) settle(limit, 1000, limit.limit());
    const soon = limit.limit();
    for (let call = 0; call < 3000; call++) settle(limit, 1000, limit.limit());
    expect(soon).toBeLessThan(20);
    expect(limit.limit()).toBe(200);
  });
});

describe('options', () => {
  it('must be in order, and `backoff` at least a half', () => {
    const accepts = (name: string, written: object): boolean =>
      LIMITS[name]!.options.safeParse(written).success;
    for (const name of ['aimd', 'vegas', 'gradient2']) {
      expect(accepts(name, { min: 5, initial: 5, max: 5 })).toBe(true);
      expect(accepts(name, { min: 6, initial: 6, max: 5 })).toBe(false);
      expect(accepts(name, { min: 5, initial: 4, max: 9 })).toBe(false);
      expect(accepts(name, { min: 5, initial: 10, max: 9 })).toBe(false);
    }
    expect(accepts('aimd', { backoff: '50%' })).toBe(true);
    expect(accepts('aimd', { backoff: '49%' })).toBe(false);
    expect(accepts('aimd', { backoff: '100%' })).toBe(false);
  });
});
