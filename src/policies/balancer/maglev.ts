/**
 * Maglev hashing (Eisenbud et al., NSDI 2016): a table of 65,537 places that servers fill in turns, each in an order of
 * its own, so that shares are equal to within one place and a look-up is one read. Weights as in Envoy (@56af06f,
 * load_balancing_policies/maglev/maglev_lb.cc): the heaviest server takes a place each round, one of half its weight
 * every second round.
 * Pathology: when a server leaves, some keys of the others move too, about as many again (ring hash moves hardly any);
 * a hot key is one server's burden unless `balance` bounds it.
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import { gotButAllowed, zCount } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { hashOf } from './hash-key.ts';
import { HashTableBalancer, hashTableOptions, type HashTable } from './hash-table.ts';

const EMPTY = -1;

export class Maglev implements HashTable {
  readonly #owners: Int32Array;

  /** `places` is prime. */
  constructor(places: number) {
    this.#owners = new Int32Array(places);
  }

  build(servers: readonly ServerId[], weights: readonly number[]): void {
    const owners = this.#owners.fill(EMPTY);
    const places = owners.length;
    const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
    const next = Int32Array.from(servers, (server) => hashOf(server, 0) % places);
    const skip = Int32Array.from(servers, (server) => (hashOf(server, 1) % (places - 1)) + 1);
    const due = new Float64Array(servers.length);
    let filled = 0;
    for (let round = 1; filled < places; round++) {
      for (let turn = 0; turn < servers.length && filled < places; turn++) {
        if (round * weights[turn]! < due[turn]!) continue;
        due[turn]! += heaviest;
        let place = next[turn]!;
        while (owners[place] !== EMPTY) place = (place + skip[turn]!) % places;
        owners[place] = servers[turn]!;
        next[turn] = (place + skip[turn]!) % places;
        filled++;
      }
    }
  }

  at(place: number): ServerId {
    return this.#owners[place % this.#owners.length]!;
  }
}

const isPrime = (n: number): boolean => {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return n > 1;
};

export const maglev = policy({
  summary: 'Requests of one key go to one server, read from a table that all servers share evenly.',
  options: z.strictObject({
    ...hashTableOptions,
    table: zCount({ min: 2, max: 5_000_011 })
      .refine(isPrime, { error: (issue) => gotButAllowed(issue.input, 'a prime number') })
      .prefault(65_537)
      .describe('places in the table: a prime, about 100 times the servers or more'),
  }),
  facts: {
    rule: 'Servers take turns, by weight, to take the next free place of their own permutation of `table` places; a key goes to place hash mod `table`. `balance` as in ring-hash.',
    follows: 'Eisenbud et al., NSDI 2016; Envoy @56af06f maglev with another hash function',
    good: 'even shares by key at the least cost per pick',
    bad: 'moves about twice the keys that ring hash moves when servers change; hot keys without `balance`',
    cost: 'O(1)',
  },
  make: ({ table, ...options }, rng) => new HashTableBalancer(options, new Maglev(table), rng),
});
