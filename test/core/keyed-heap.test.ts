import { describe, expect, it } from 'vitest';
import { KeyedHeap } from '../../src/core/keyed-heap.ts';
import { sequential } from '../../src/core/rng.ts';

describe('the heap of items with keys that change', () => {
  it('has the item first that a sort would have, through 20,000 random sets and removals', () => {
    const heap = new KeyedHeap();
    const mirror = new Map<number, readonly [key: number, order: number]>();
    const chance = sequential(1, 'heap');
    for (let step = 0; step < 20_000; step++) {
      const item = chance.below(100);
      if (chance.next() < 0.6) {
        const key = chance.below(20);
        heap.set(item, key, step);
        mirror.set(item, [key, step]);
      } else if (mirror.delete(item)) heap.remove(item);
      expect(heap.size).toBe(mirror.size);
      if (mirror.size === 0) continue;
      const [first] = [...mirror].sort(([, a], [, b]) => a[0] - b[0] || a[1] - b[1]);
      expect([heap.first, heap.firstKey, heap.firstOrder]).toEqual([first![0], ...first![1]]);
      const [other, entry] = [...mirror][chance.below(mirror.size)]!;
      expect([heap.keyOf(other), heap.orderOf(other)]).toEqual(entry);
    }
  });

  it('lets an item move between heaps that share their places', () => {
    const places: number[] = [];
    const one = new KeyedHeap(places);
    const other = new KeyedHeap(places);
    for (let item = 0; item < 40; item++) one.set(item, 40 - item, item);
    for (let item = 1; item < 40; item += 2) {
      one.remove(item);
      other.set(item, item, item);
    }
    expect([one.size, one.first, other.size, other.first]).toEqual([20, 38, 20, 1]);
  });
});
