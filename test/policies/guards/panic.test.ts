import { describe, expect, it } from 'vitest';
import { panics, priorityLoads } from '../../../src/policies/guards/panic.ts';

describe('the panic threshold', () => {
  it('is passed when less than half are healthy, and not at half', () => {
    expect(panics(2, 6, 0.5)).toBe(true);
    expect(panics(3, 6, 0.5)).toBe(false);
  });

  it('of 0 never panics, not even with nobody healthy; an empty fleet does not either', () => {
    expect(panics(0, 6, 0)).toBe(false);
    expect(panics(0, 0, 0.5)).toBe(false);
  });

  it('is exact where a share of the servers is a whole number', () => {
    expect(panics(29, 100, 0.29)).toBe(false);
    expect(panics(28, 100, 0.29)).toBe(true);
  });
});

describe('priorities', () => {
  const traffic = (shares: readonly number[], threshold = 0.5) =>
    priorityLoads(shares, 1.4, threshold).priorities.map((each) => Math.round(each.traffic * 100));

  it('keep all traffic on the first while 72 % of it are healthy, then spill', () => {
    expect(traffic([0.72, 1])).toEqual([100, 0]);
    expect(traffic([0.71, 1])).toEqual([99, 1]);
    expect(traffic([0.25, 1])).toEqual([35, 65]);
    expect(traffic([0, 1])).toEqual([0, 100]);
  });

  it('panic only where all together are too few, and then share as if all were healthy', () => {
    const both = priorityLoads([0.25, 0.25], 1.4, 0.5);
    expect(both.health).toBeCloseTo(0.7, 9);
    expect(both.priorities.map(({ panic }) => panic)).toEqual([true, true]);
    expect(traffic([0.05, 0.45])).toEqual([50, 50]);
    const spilling = priorityLoads([0.1, 1], 1.4, 0.5);
    expect(spilling.priorities.map(({ panic }) => panic)).toEqual([false, false]);
    const one = priorityLoads([0.05, 0.65], 1.4, 0.5);
    expect(one.priorities.map(({ panic }) => panic)).toEqual([true, false]);
  });

  it('always add up to the whole traffic', () => {
    for (const shares of [[0.3, 0.1, 0.2], [1, 1], [0, 0], [0.01], [0.6, 0, 0.9]])
      for (const threshold of [0, 0.5]) {
        const { priorities } = priorityLoads(shares, 1.4, threshold);
        expect(priorities.reduce((sum, each) => sum + each.traffic, 0)).toBeCloseTo(1, 9);
      }
  });
});
