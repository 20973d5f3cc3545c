/**
 * Ring hash: every server owns points of a ring in proportion to its weight, a key goes to the server of the next point
 * clockwise; when a server leaves its keys go to its neighbours' points and the rest stay. Sized as Envoy does it
 * (@56af06f, load_balancing_policies/ring_hash/ring_hash_lb.cc): the lightest server gets a whole number of points, and
 * all together at least 1,024. gRPC's ring_hash (A42) has the same rule.
 * Pathology: a hot key is one server's burden whatever the others do, unless `balance` bounds it; and a small ring is
 * uneven: with p points a server's share strays by about 1/sqrt(p), so 100 servers of 11 points differ by a third.
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import { zCount } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import { hashOf } from './hash-key.ts';
import { HashTableBalancer, hashTableOptions, type HashTable } from './hash-table.ts';

/** A point packs its hash and its server into one number, so that the ring sorts as plain numbers do. */
const SERVERS = 2 ** 21;

export class Ring implements HashTable {
  readonly #min: number;
  readonly #max: number;
  #hashes = new Uint32Array(0);
  #owners = new Int32Array(0);

  /** At least `min` points, unless `max` is fewer. */
  constructor(min: number, max: number) {
    this.#min = min;
    this.#max = max;
  }

  /** Points on the ring. */
  get size(): number {
    return this.#hashes.length;
  }

  build(servers: readonly ServerId[], weights: readonly number[]): void {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const lightest = weights.reduce((least, weight) => Math.min(least, weight)) / total;
    const scale = Math.min(Math.ceil(lightest * this.#min - SLACK) / lightest, this.#max);
    const points: number[] = [];
    let target = 0;
    for (const [position, server] of servers.entries()) {
      target += (scale * weights[position]!) / total;
      for (let index = 0; points.length < target - SLACK; index++)
        points.push(hashOf(server, index) * SERVERS + server);
    }
    const sorted = Float64Array.from(points).sort();
    this.#hashes = Uint32Array.from(sorted, (point) => Math.floor(point / SERVERS));
    this.#owners = Int32Array.from(sorted, (point) => point % SERVERS);
  }

  at(place: number): ServerId {
    const hashes = this.#hashes;
    let low = 0;
    let high = hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (hashes[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return this.#owners[low === hashes.length ? 0 : low]!;
  }
}

/** Sums of fractions that ought to be whole are off in the last bits. */
const SLACK = 1e-9;

export const ringHash = policy({
  summary: 'Requests of one key go to one server, the next on a ring of hashes.',
  options: z
    .strictObject({
      ...hashTableOptions,
      min: zCount({ min: 1, max: 8_388_608 }).prefault(1024).describe('least points on the ring'),
      max: zCount({ min: 1, max: 8_388_608 })
        .prefault(8_388_608)
        .describe('most points on the ring'),
    })
    .superRefine(within('min', 'at most', 'max')),
  facts: {
    rule: 'Each server has points on a ring by weight, at least `min` together; the key goes to the next point. With `balance` a server that holds ceil(balance * its fair share) calls is passed over by jumps that the key alone decides.',
    follows:
      'Envoy @56af06f ring_hash (hash_balance_factor, update_merge_window) with another hash function; gRPC A42',
    good: 'caches and sessions that live in one server: few keys move when servers change',
    bad: 'hot keys without `balance`; small rings are uneven',
    cost: 'O(log points)',
  },
  make: ({ min, max, ...options }, rng) => new HashTableBalancer(options, new Ring(min, max), rng),
});
