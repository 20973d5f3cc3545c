import { describe, expect, it } from 'vitest';
import { EdfTurns } from '../../src/core/edf-turns.ts';
import { sequential } from '../../src/core/rng.ts';

const turnsOf = (weights: readonly number[], seed = 1): EdfTurns => {
  const turns = new EdfTurns((item) => weights[item]!, sequential(seed, 'edf'));
  for (const item of weights.keys()) turns.join(item);
  return turns;
};

describe('turns by earliest deadline', () => {
  it('give every item its share of every stretch of turns, to within the bound of the rule', () => {
    // While virtual time runs on by T an item has w T turns, one more or less. k turns in all are then W T, n more or
    // less, so an item's turns differ from k w / W by less than 1 + n w / W.
    const weights = [5, 1, 1, 0.3, 2.7, 12];
    const total = weights.reduce((sum, weight) => sum + weight);
    let worst = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const turns = turnsOf(weights, seed);
      const counts = weights.map(() => 0);
      for (let k = 1; k <= 2000; k++) {
        counts[turns.next()]! += 1;
        for (const [item, weight] of weights.entries()) {
          const share = weight / total;
          const off = Math.abs(counts[item]! - k * share) / (1 + weights.length * share);
          worst = Math.max(worst, off);
        }
      }
    }
    expect(worst).toBeLessThan(1);
  });

  it('start at a random point: over seeds the first turn goes by weight, not to the heaviest', () => {
    const counts = [0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) counts[turnsOf([6, 3, 1], seed).next()]! += 1;
    for (const [item, share] of [0.6, 0.3, 0.1].entries()) {
      const sd = Math.sqrt(4000 * share * (1 - share));
      expect(Math.abs(counts[item]! - 4000 * share)).toBeLessThan(4 * sd);
    }
  });

  it('let an item that is new in at a random point of its stride', () => {
    // One item of weight 1 has its turns at 0, 1, 2, ... A second is due within the first stride of joining, at a point
    // that is uniform: its first turn comes before the other's next in half of the cases.
    let before = 0;
    for (let seed = 0; seed < 4000; seed++) {
      const weights = [1, 0.5];
      const turns = new EdfTurns((item) => weights[item]!, sequential(seed, 'edf'));
      turns.join(0);
      turns.next();
      turns.join(1);
      before += Number(turns.next() === 1);
    }
    expect(Math.abs(before - 2000)).toBeLessThan(4 * Math.sqrt(4000 / 4));
  });

  it('keep the place of an item that is back before its turn', () => {
    const steady = turnsOf([3, 2, 1]);
    const disturbed = turnsOf([3, 2, 1]);
    for (let k = 0; k < 300; k++) {
      const item = k % 3;
      disturbed.leave(item);
      disturbed.join(item);
      expect(disturbed.next()).toBe(steady.next());
    }
  });

  it('keep the rhythm of an item that has missed turns, and do not let it make up for them', () => {
    const turns = turnsOf([1, 1, 1, 1]);
    turns.leave(1);
    for (let k = 0; k < 30; k++) expect(turns.next()).not.toBe(1);
    turns.join(1);
    for (let round = 0; round < 10; round++)
      expect([0, 1, 2, 3].map(() => turns.next()).sort()).toEqual([0, 1, 2, 3]);
  });

  it('read a weight that has changed at the next turn', () => {
    const weights = [1, 1];
    const turns = new EdfTurns((item) => weights[item]!, sequential(1, 'edf'));
    turns.join(0);
    turns.join(1);
    turns.next();
    weights[0] = 100;
    weights[1] = 0.001;
    // Both have one more turn as they stand; then the heavy one has a thousand in a row.
    const picks = Array.from({ length: 100 }, () => turns.next());
    expect(picks.filter((item) => item === 1).length).toBe(1);
  });
});
