/** The laws of all concurrency limits, run over the whole registry. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/outcome.ts';
import { sequential } from '../../src/core/rng.ts';
import { LIMITS } from '../../src/policies/limit/index.ts';
import type { Limit } from '../../src/policies/limit/limit.ts';
import type { Range } from '../../src/policies/limit/options.ts';
import { variantsOf } from './variants.ts';

const LOW = { initial: 8, min: 3, max: 11 };
const VARIANTS = variantsOf(LIMITS, {
  fixed: [{ inFlight: 1, scope: 'fleet' }],
  aimd: [LOW, { initial: 50, min: 1, max: 100, backoff: '50%', timeout: '200ms' }],
  vegas: [LOW, { initial: 50, min: 1, max: 100, smoothing: '30%', probeMultiplier: 2 }],
  gradient2: [LOW, { initial: 50, min: 1, max: 100, queue: 0, tolerance: 1, longWindow: 10 }],
});

describe.each(VARIANTS)('$label', ({ options, make }) => {
  const adapts = 'initial' in options;
  const { initial, min, max } = options as unknown as Range;
  const unlessItAdapts = adapts ? '' : ' (it never changes)';

  it('is a whole number of calls from 1, or none', () => {
    const limit = make();
    const seen = new Set(history(limit, 1));
    for (const each of seen)
      expect(each === Infinity || (Number.isInteger(each) && each >= 1)).toBe(true);
    expect(seen.size > 1).toBe(adapts);
  });

  it.skipIf(!adapts)(`starts as told and stays within its bounds${unlessItAdapts}`, () => {
    expect(make().limit()).toBe(initial);
    for (let seed = 1; seed <= 20; seed++) {
      const seen = history(make(seed), seed);
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(min);
      expect(Math.max(...seen)).toBeLessThanOrEqual(max);
    }
  });

  it('does the same again, given the same history', () => {
    expect(history(make(3), 3)).toEqual(history(make(3), 3));
  });

  it('is not moved by calls that tell nothing of the capacity', () => {
    const TELL_NOTHING: readonly Outcome[] = [
      'cancelled',
      'no-server',
      'circuit-open',
      'refused',
      'reset',
      'http-5xx',
      'session-lost',
    ];
    const noisy = make(4);
    const noise = (): void => {
      for (const outcome of TELL_NOTHING) noisy.settled(0, outcome, 0.01, 100);
    };
    expect(history(noisy, 4, noise)).toEqual(history(make(4), 4));
  });

  it.skipIf(!adapts)(`does not grow while half of it is unused${unlessItAdapts}`, () => {
    const limit = make();
    for (let call = 0; call < 500; call++) {
      limit.settled(call, 'ok', 50, 1);
      expect(limit.limit()).toBeLessThanOrEqual(initial);
    }
  });

  it.skipIf(!adapts)(`grows while calls are quick and it is in use${unlessItAdapts}`, () => {
    const limit = make();
    for (let call = 0; call < 30; call++) limit.settled(call, 'ok', 50, limit.limit());
    expect(limit.limit()).toBe(options.queue === 0 ? initial : Math.min(max, limit.limit()));
    expect(limit.limit() > initial).toBe(options.queue !== 0);
  });

  it.skipIf(!adapts)(`shrinks when calls begin to time out${unlessItAdapts}`, () => {
    const limit = make();
    for (let call = 0; call < 50; call++) limit.settled(call, 'ok', 50, limit.limit());
    const before = limit.limit();
    for (let call = 0; call < 5; call++) limit.settled(call, 'timeout', 30_000, limit.limit());
    expect(limit.limit()).toBeLessThan(before);
  });
});

/** The limit after each of 2,000 calls of which spells are slow, and some are refused or time out. */
function history(limit: Limit, seed: number, between: () => void = () => {}): number[] {
  const chance = sequential(seed, 'history');
  let slow = false;
  return Array.from({ length: 2000 }, (_, call) => {
    if (chance.next() < 0.02) slow = !slow;
    const tookMs = (slow ? 400 : 20) * (0.5 + chance.next());
    const lost = chance.next() < (slow ? 0.1 : 0.001);
    const outcome = !lost ? 'ok' : chance.next() < 0.5 ? 'timeout' : 'overloaded';
    const inFlight = 1 + chance.below(Math.min(limit.limit(), 200));
    limit.settled(call, outcome, tookMs, inFlight);
    between();
    return limit.limit();
  });
}
