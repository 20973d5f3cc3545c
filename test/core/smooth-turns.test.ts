import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import { SmoothTurns } from '../../src/core/smooth-turns.ts';

interface Item {
  readonly id: number;
  readonly weight: number;
  effective: number;
  current: number;
  in: boolean;
}

/** nginx's rule by the letter: a walk over all items in the order of joining. */
class Walk {
  readonly items: Item[] = [];

  join(id: number, weight: number): void {
    const known = this.items.find((item) => item.id === id);
    if (known === undefined)
      this.items.push({ id, weight, effective: weight, current: 0, in: true });
    else known.in = true;
  }

  leave(id: number): void {
    this.items.find((item) => item.id === id)!.in = false;
  }

  lower(id: number, by: number): void {
    const item = this.items.find((one) => one.id === id)!;
    item.effective = Math.max(0, item.effective - by);
  }

  next(): number {
    const present = this.items.filter((item) => item.in);
    let total = 0;
    let best = present[0]!;
    for (const item of present) {
      item.current += item.effective;
      total += item.effective;
      if (item.effective < item.weight) item.effective++;
      if (item.current > best.current) best = item;
    }
    best.current -= total;
    return best.id;
  }
}

describe('smooth weighted turns', () => {
  it('are those of a walk over all items, through 20,000 turns, comings, goings and failures', () => {
    const turns = new SmoothTurns();
    const walk = new Walk();
    const chance = sequential(1, 'smooth');
    const present: number[] = [];
    const absent = Array.from({ length: 30 }, (_, id) => id);
    for (let step = 0; step < 20_000; step++) {
      const dice = chance.next();
      if (dice < 0.05 && absent.length > 0) {
        const [id] = absent.splice(chance.below(absent.length), 1);
        turns.join(id!, 1 + (id! % 7));
        walk.join(id!, 1 + (id! % 7));
        present.push(id!);
      } else if (dice < 0.09 && present.length > 0) {
        const [id] = present.splice(chance.below(present.length), 1);
        turns.leave(id!);
        walk.leave(id!);
        absent.push(id!);
      } else if (dice < 0.2 && walk.items.length > 0) {
        const { id, weight } = walk.items[chance.below(walk.items.length)]!;
        turns.lower(id, Math.trunc(weight / 2));
        walk.lower(id, Math.trunc(weight / 2));
      } else if (present.length > 0) expect(turns.next()).toBe(walk.next());
    }
    for (const { id, current } of walk.items) expect(turns.currentOf(id)).toBe(current);
  });

  it('never let an item run ahead by a whole turn, and come out even after each cycle', () => {
    // The item served was the highest of a set that sums to the total W > 0, so it was above 0 and is above -W after
    // paying: turns taken = (k w - current) / W < k w / W + 1. After W turns (weights without a common factor) all is as at the start.
    const weights = [7, 5, 3, 1, 1];
    const turns = new SmoothTurns();
    for (const [item, weight] of weights.entries()) turns.join(item, weight);
    const counts = weights.map(() => 0);
    for (let k = 1; k <= 170; k++) {
      counts[turns.next()]! += 1;
      for (const [item, weight] of weights.entries())
        expect(counts[item]!).toBeLessThan((k * weight) / 17 + 1);
      if (k % 17 === 0) expect(counts).toEqual(weights.map((weight) => (weight * k) / 17));
    }
  });

  it('take a new weight for an item that returns with one', () => {
    const turns = new SmoothTurns();
    turns.join(0, 1);
    turns.join(1, 1);
    turns.leave(1);
    turns.join(1, 3);
    const picks = Array.from({ length: 400 }, () => turns.next());
    expect(picks.filter((item) => item === 1).length).toBe(300);
  });
});
