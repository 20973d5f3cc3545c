/**
 * What ring hash and Maglev share: a table from places to servers, looked up by a request's key and built anew when the
 * servers change. Building costs far more than looking up, so changes are taken in together, at most once per `merge`
 * (Envoy's update_merge_window); a server that steps aside for one pick, as for a retry, does not count as a change.
 * Until then, and when a bound of load is set, a place whose server is away or full is passed on by jumps that depend on
 * the key alone (Chen, Coleman, Shrivastava, arXiv 1908.08762: no avalanche onto the next server of the ring).
 */
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zDuration, type Millis } from '../../core/units.ts';
import type { Balancer, Candidates } from './balancer.ts';
import { BoundedLoad } from './bounded-load.ts';
import { hashOptions, jump, placeOf, type HashBy } from './hash-key.ts';
import { Unreported } from './unreported.ts';

export interface HashTable {
  /** Forget all and take these: ids ascending, `weights` > 0 by position. Never called without servers. */
  build(servers: readonly ServerId[], weights: readonly number[]): void;
  /** The server at a place in [0, 2^32). */
  at(place: number): ServerId;
}

export interface HashTableOptions {
  readonly by: HashBy;
  readonly balance: number | null;
  readonly merge: Millis;
}

export const hashTableOptions = {
  ...hashOptions,
  merge: zDuration()
    .prefault('1s')
    .describe('servers that come and go are taken in at most this often'),
};

/** With a quarter of the places usable, one key in ten thousand jumps this often in vain; it takes the next with room. */
const JUMPS = 32;

export class HashTableBalancer extends Unreported implements Balancer {
  readonly #by: HashBy;
  readonly #merge: Millis;
  readonly #rng: Rng;
  readonly #table: HashTable;
  readonly #load: BoundedLoad;
  /** By server id, 0 = not in it: who may be picked, and who is in the table. */
  readonly #present: number[] = [];
  readonly #built: number[] = [];
  /** Servers for whom the two differ. */
  #differing = 0;
  #changedAt: Millis = -Infinity;
  #builtAt: Millis = -Infinity;

  constructor({ by, balance, merge }: HashTableOptions, table: HashTable, rng: Rng) {
    super();
    this.#by = by;
    this.#merge = merge;
    this.#rng = rng;
    this.#table = table;
    this.#load = new BoundedLoad(balance);
  }

  pick(now: Millis, request: Request, candidates: Candidates): ServerId {
    if (this.#differing > 0 && this.#isDue(now)) this.#build(now);
    const place = placeOf(request, this.#by, this.#rng);
    for (let attempt = 0; attempt <= JUMPS; attempt++) {
      const server = this.#table.at(attempt === 0 ? place : jump(place, attempt));
      if (candidates.has(server) && !this.#load.full(server)) return server;
    }
    return this.#nextWithRoom(place, candidates);
  }

  sent(_now: Millis, server: ServerId): void {
    this.#load.sent(server);
  }

  settled(_now: Millis, server: ServerId): void {
    this.#load.settled(server);
  }

  joined(now: Millis, server: ServerId, weight: number): void {
    this.#load.joined(server, weight);
    this.#change(now, server, weight);
  }

  left(now: Millis, server: ServerId): void {
    this.#load.left(server);
    this.#change(now, server, 0);
  }

  #change(now: Millis, server: ServerId, weight: number): void {
    while (this.#present.length <= server) {
      this.#present.push(0);
      this.#built.push(0);
    }
    const built = this.#built[server]!;
    this.#differing += Number(weight !== built) - Number(this.#present[server] !== built);
    this.#present[server] = weight;
    this.#changedAt = now;
  }

  /** Who steps aside for one pick is back at the same instant, so a change counts from the next instant on. */
  #isDue(now: Millis): boolean {
    if (this.#builtAt === -Infinity) return true;
    return now > this.#changedAt && now - this.#builtAt >= this.#merge;
  }

  #build(now: Millis): void {
    const servers: ServerId[] = [];
    const weights: number[] = [];
    for (const [server, weight] of this.#present.entries()) {
      this.#built[server] = weight;
      if (weight === 0) continue;
      servers.push(server);
      weights.push(weight);
    }
    this.#table.build(servers, weights);
    this.#differing = 0;
    this.#builtAt = now;
  }

  #nextWithRoom(place: number, candidates: Candidates): ServerId {
    const size = candidates.size;
    for (let step = 0; step < size; step++) {
      const server = candidates.at((place + step) % size);
      if (!this.#load.full(server)) return server;
    }
    return candidates.at(place % size);
  }
}
