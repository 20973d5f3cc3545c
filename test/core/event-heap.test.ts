import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../src/core/event-heap.ts';
import { sequential } from '../../src/core/rng.ts';

const drain = (heap: EventHeap): number[][] => {
  const events: number[][] = [];
  for (; heap.size > 0; heap.pop()) events.push([heap.at, heap.sequence, heap.kind, heap.item]);
  return events;
};

describe('the event heap', () => {
  it('yields 10,000 events by instant, and equal instants by sequence', () => {
    const heap = new EventHeap(4);
    const chance = sequential(1, 'events');
    const events = Array.from({ length: 10_000 }, (_, k) => [
      chance.below(200),
      k,
      chance.below(32),
      chance.below(2 ** 26),
    ]);
    for (const [at, sequence, kind, item] of events) heap.push(at!, sequence!, kind!, item!);
    expect(drain(heap)).toEqual(events.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!));
  });

  it('keeps its order while events come and go', () => {
    const heap = new EventHeap();
    const chance = sequential(2, 'events');
    let now = 0;
    for (let k = 0; k < 20_000; k++) {
      if (heap.size === 0 || chance.next() < 0.52) heap.push(now + chance.next(), k, 0, k % 1000);
      else {
        expect(heap.at).toBeGreaterThanOrEqual(now);
        now = heap.at;
        heap.pop();
      }
    }
  });

  it('is due never when it is empty, and holds the largest item there may be', () => {
    const heap = new EventHeap();
    expect(heap.at).toBe(Infinity);
    heap.push(1, 1, 31, 2 ** 26 - 1);
    expect([heap.kind, heap.item]).toEqual([31, 2 ** 26 - 1]);
    expect(() => heap.push(1, 2, 0, 2 ** 26)).toThrow('item out of range');
    expect(() => heap.push(NaN, 2, 0, 0)).toThrow('at no instant');
    expect(() => heap.push(1, 2, 32, 0)).toThrow('kind out of range');
  });
});
