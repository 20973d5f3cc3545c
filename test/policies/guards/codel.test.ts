import { describe, expect, it } from 'vitest';
import { CoDel, zCoDel } from '../../../src/policies/guards/codel.ts';

const codel = () => new CoDel({ target: 5, interval: 100 });

/** Asks every ms from `from` to `to` about a request that waited `waitedMs`: when it said drop. */
const drops = (shedding: CoDel, from: number, to: number, waitedMs: number): number[] => {
  const at: number[] = [];
  for (let now = from; now < to; now++) if (shedding.drops(now, waitedMs)) at.push(now);
  return at;
};

describe('CoDel', () => {
  it('lets a burst pass that is gone within an interval', () => {
    const shedding = codel();
    expect(drops(shedding, 0, 100, 50)).toEqual([]);
    expect(drops(shedding, 100, 101, 4.9)).toEqual([]);
    expect(drops(shedding, 101, 201, 50)).toEqual([]);
  });

  it('drops one when waits have stood above the target for an interval, then faster and faster', () => {
    const at = drops(codel(), 0, 700, 50);
    // 100, then after 100, 100/sqrt(2), 100/sqrt(3), ...
    const expected = [100];
    let next = 100;
    for (let count = 1; next + 100 / Math.sqrt(count) < 699; count++)
      expected.push(Math.ceil((next += 100 / Math.sqrt(count))));
    expect(at).toEqual(expected);
    expect(at.slice(0, 5)).toEqual([100, 200, 271, 329, 379]);
  });

  it('stops at the first wait below the target', () => {
    const shedding = codel();
    drops(shedding, 0, 500, 50);
    expect(shedding.drops(500, 4)).toBe(false);
    expect(drops(shedding, 501, 601, 50)).toEqual([]);
  });

  it('goes on at its pace when the queue stands again soon, and slowly after a long calm', () => {
    const afterCalm = (calm: number): number => {
      const shedding = codel();
      drops(shedding, 0, 1000, 50);
      shedding.drops(1000, 0);
      const again = drops(shedding, 1000 + calm, 1500 + calm, 50);
      return again[1]! - again[0]!;
    };
    expect(afterCalm(1)).toBeLessThan(40);
    expect(afterCalm(2000)).toBe(100);
  });

  it('never drops the last one of the queue', () => {
    const shedding = codel();
    for (let now = 0; now < 1000; now++) expect(shedding.drops(now, 50, 0)).toBe(false);
  });

  it('has the numbers of the RFC for defaults', () => {
    expect(zCoDel().parse({})).toEqual({ target: 5, interval: 100 });
  });
});
