import { describe, expect, it } from 'vitest';
import { BucketWindow } from '../../../../src/policies/autoscaler/kpa/bucket-window.ts';
import { SlidingMax } from '../../../../src/policies/autoscaler/kpa/sliding-max.ts';
import { sequential } from '../../../../src/core/rng.ts';

describe('the sample window', () => {
  it('averages what it has seen until it is full, and begins anew after a silent window', () => {
    const window = new BucketWindow(5000, 1000);
    expect(window.average(0)).toBe(0);
    window.record(1000, 4);
    window.record(2500, 8);
    expect(window.average(2999)).toBe(6);
    expect(window.average(6000)).toBe(8);
    expect(window.average(7000)).toBe(0);
    window.record(7000, 3);
    expect(window.average(7000)).toBe(3);
  });

  it('counts a gap inside as nothing', () => {
    const window = new BucketWindow(5000, 1000);
    window.record(0, 6);
    window.record(2000, 6);
    expect(window.average(2000)).toBe(4);
  });
});

describe('the sliding maximum', () => {
  it('agrees with a scan over the last window, whatever comes', () => {
    const chance = sequential(1, 'values');
    const max = new SlidingMax(10_000, 2000);
    const values: number[] = [];
    for (let tick = 0; tick < 400; tick++) {
      values.push(chance.below(50));
      expect(max.record(tick * 2000, values[tick]!)).toBe(Math.max(...values.slice(-5)));
    }
  });

  it('takes the largest of several values in one tick', () => {
    const max = new SlidingMax(4000, 2000);
    max.record(0, 7);
    expect(max.record(1999, 3)).toBe(7);
    expect(max.record(2000, 1)).toBe(7);
    expect(max.record(4000, 1)).toBe(1);
  });
});
