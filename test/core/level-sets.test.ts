import { describe, expect, it } from 'vitest';
import { LevelSets } from '../../src/core/level-sets.ts';
import { sequential } from '../../src/core/rng.ts';

describe('level sets', () => {
  it('know exactly who is lowest, through 20,000 random moves', () => {
    const sets = new LevelSets();
    const mirror = new Map<number, number>();
    const chance = sequential(1, 'levels');
    for (let step = 0; step < 20_000; step++) {
      const item = chance.below(12);
      if (chance.next() < 0.8) {
        const level = chance.below(6);
        sets.set(item, level);
        mirror.set(item, level);
      } else {
        sets.remove(item);
        mirror.delete(item);
      }
      if (mirror.size === 0) continue;
      const floor = Math.min(...mirror.values());
      const lowest = [...mirror].filter(([, level]) => level === floor).map(([id]) => id);
      expect([...sets.lowest].sort((a, b) => a - b)).toEqual(lowest.sort((a, b) => a - b));
    }
  });
});
