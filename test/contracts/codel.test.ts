/** The laws of shedding at the backlog, whatever the waits: CoDel is the one kind there is. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import { CoDel } from '../../src/policies/guards/codel.ts';

const OPTIONS = { target: 20, interval: 100 };

interface Taken {
  readonly at: number;
  readonly waitedMs: number;
  readonly behind: number;
}

/** Requests taken from a queue whose wait wanders about the target, from `from` on. */
const history = (seed: number, from = 0): readonly Taken[] => {
  const chance = sequential(seed, 'waits');
  let at = from;
  let waitedMs = OPTIONS.target;
  return Array.from({ length: 2000 }, () => {
    at += 10 * chance.next();
    waitedMs = Math.max(0, waitedMs + 8 * (chance.next() - 0.48));
    return { at, waitedMs, behind: chance.below(200) };
  });
};

const dropped = (shedding: CoDel, taken: readonly Taken[]): readonly Taken[] =>
  taken.filter(({ at, waitedMs, behind }) => shedding.drops(at, waitedMs, behind));

const SEEDS = [1, 2, 3, 4, 5];

describe('CoDel', () => {
  it.each(SEEDS)(
    'drops nobody who waited less than the target, nor the last of a queue: %i',
    (seed) => {
      const drops = dropped(new CoDel(OPTIONS), history(seed));
      expect(drops.length).toBeGreaterThan(5);
      for (const { waitedMs, behind } of drops) {
        expect(waitedMs).toBeGreaterThanOrEqual(OPTIONS.target);
        expect(behind).toBeGreaterThan(0);
      }
    },
  );

  it.each(SEEDS)('drops the same for the same history: %i', (seed) => {
    const drops = dropped(new CoDel(OPTIONS), history(seed));
    expect(dropped(new CoDel(OPTIONS), history(seed))).toEqual(drops);
  });

  it.each(SEEDS)('acts as new after a long calm: %i', (seed) => {
    const calm = history(seed).at(-1)!.at + 20 * OPTIONS.interval;
    const old = new CoDel(OPTIONS);
    dropped(old, history(seed));
    old.drops(calm, 0);
    expect(dropped(old, history(seed + 1, calm))).toEqual(
      dropped(new CoDel(OPTIONS), history(seed + 1, calm)),
    );
  });

  it.each(SEEDS)('drops nobody in the first interval of a wait above the target: %i', (seed) => {
    const taken = history(seed);
    const [first] = dropped(new CoDel(OPTIONS), taken);
    const welcome = taken.findLast(
      ({ at, waitedMs, behind }) => at < first!.at && (waitedMs < OPTIONS.target || behind === 0),
    );
    expect(first!.at - (welcome?.at ?? 0)).toBeGreaterThanOrEqual(OPTIONS.interval);
  });
});
