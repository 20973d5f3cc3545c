import { describe, expect, it } from 'vitest';
import { threshold, ThresholdScaler } from '../../../src/policies/autoscaler/threshold.ts';
import { load } from './load.ts';

const scaler = (change = {}) =>
  new ThresholdScaler({
    up: 0.8,
    down: 0.3,
    min: 2,
    max: 10,
    cooldown: 300_000,
    every: 15_000,
    ...change,
  });

/** Score 0.2 x active / 100, the rest being nothing. */
const scored = (score: number, servers = 5) =>
  load({ servers, latencyMsMean: null, queued: null, active: score * 500 });

describe('the threshold autoscaler', () => {
  it('adds a server above `up`, removes one below `down`, and does nothing at either', () => {
    expect(scaler().decide(0, scored(0.81)).desired).toBe(6);
    expect(scaler().decide(0, scored(0.29)).desired).toBe(4);
    expect(scaler({ up: 0.5, down: 0.5 }).decide(0, scored(0.5))).toEqual({
      desired: 5,
      because: 'score 0.50',
    });
  });

  it('waits for its cooldown after a change, in either direction, and not after inaction', () => {
    const one = scaler();
    expect(one.decide(0, scored(0.5)).desired).toBe(5);
    expect(one.decide(1, scored(0.9)).desired).toBe(6);
    expect(one.decide(300_000, scored(0.9, 6)).because).toBe('cooling down');
    expect(one.decide(300_001, scored(0.1, 6)).desired).toBe(5);
  });

  it('stops at its bounds', () => {
    expect(scaler().decide(0, scored(0.9, 10)).desired).toBe(10);
    expect(scaler().decide(0, scored(0.1, 2)).desired).toBe(2);
  });

  it('goes straight to its bounds from outside of them, cooldown or not', () => {
    const one = scaler();
    one.decide(0, scored(0.9));
    expect(one.decide(1, scored(0.5, 1))).toEqual({ desired: 2, because: 'fewer than min 2' });
    expect(one.decide(1, scored(0.5, 14))).toEqual({ desired: 10, because: 'more than max 10' });
  });

  it('takes missing data for nothing to report', () => {
    expect(scaler().decide(0, load({ latencyMsMean: null, queued: null, active: 0 })).because).toBe(
      'score 0.00 < 0.3',
    );
  });

  it('has the defaults of the reference, and refuses what cannot be', () => {
    expect(threshold.options.parse({})).toMatchObject({
      up: 0.8,
      down: 0.3,
      min: 2,
      max: 10,
      cooldown: 300_000,
    });
    const refused = [{ min: 5, max: 4 }, { up: 0.2 }, { every: 0 }];
    for (const options of refused) expect(threshold.options.safeParse(options).success).toBe(false);
  });
});
