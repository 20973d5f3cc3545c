/**
 * Rendezvous hashing (Thaler and Ravishankar 1996): of all candidates the one whose hash with the key is highest. The
 * least disruption there can be: when a server leaves only its own keys move, evenly to all others, and there is nothing
 * to rebuild. Weights by score -weight / ln(hash) (Schindelhauer and Schomaker 2005). agentgateway picks sessions so.
 * With `balance` the highest that has room.
 * Pathology: it looks at every server for every call, which fits tens of servers and not thousands; hot keys as in
 * ring-hash.
 */
import { z } from 'zod';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import type { Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Balancer, Candidates } from './balancer.ts';
import { BoundedLoad } from './bounded-load.ts';
import { hashOf, hashOptions, mix, placeOf, type HashBy } from './hash-key.ts';
import { Unreported } from './unreported.ts';

export interface RendezvousOptions {
  readonly by: HashBy;
  readonly balance: number | null;
}

export class Rendezvous extends Unreported implements Balancer {
  readonly #by: HashBy;
  readonly #rng: Rng;
  readonly #load: BoundedLoad;
  /** By server id. */
  readonly #weights: number[] = [];
  readonly #hashes: number[] = [];
  /** Weight of the first server, and whether any other has been seen: only then the highest hash needs its logarithm. */
  #common: number | null = null;
  #uneven = false;

  constructor({ by, balance }: RendezvousOptions, rng: Rng) {
    super();
    this.#by = by;
    this.#rng = rng;
    this.#load = new BoundedLoad(balance);
  }

  pick(_now: Millis, request: Request, candidates: Candidates): ServerId {
    const place = placeOf(request, this.#by, this.#rng);
    let best = candidates.at(0);
    let highest = -1;
    for (let index = 0; index < candidates.size; index++) {
      const server = candidates.at(index);
      const score = this.#score(server, place);
      if (score > highest && !this.#load.full(server)) {
        best = server;
        highest = score;
      }
    }
    return best;
  }

  sent(_now: Millis, server: ServerId): void {
    this.#load.sent(server);
  }

  settled(_now: Millis, server: ServerId): void {
    this.#load.settled(server);
  }

  joined(_now: Millis, server: ServerId, weight: number): void {
    while (this.#weights.length <= server) {
      this.#hashes.push(hashOf(this.#weights.length, 0));
      this.#weights.push(0);
    }
    this.#common ??= weight;
    this.#uneven ||= weight !== this.#common;
    this.#weights[server] = weight;
    this.#load.joined(server, weight);
  }

  left(_now: Millis, server: ServerId): void {
    this.#load.left(server);
  }

  /** >= 0, the higher the better. */
  #score(server: ServerId, place: number): number {
    const hash = mix(this.#hashes[server]!, place);
    if (!this.#uneven) return hash;
    const uniform = (hash + 0.5) * 2 ** -32;
    return -this.#weights[server]! / Math.log(uniform);
  }
}

export const rendezvous = policy({
  summary: 'Requests of one key go to one server, the one whose hash with the key is highest.',
  options: z.strictObject(hashOptions),
  facts: {
    rule: 'Of all candidates (with `balance`, of those that have room) the one with the highest -weight / ln(hash of server and key).',
    follows:
      'Thaler and Ravishankar 1996 with the weights of Schindelhauer and Schomaker 2005; agentgateway 2026-08',
    good: 'tens of servers: only the keys of a server that leaves move, and evenly',
    bad: 'large fleets; hot keys without `balance`',
    cost: 'O(n): its definition is a scan',
  },
  make: (options, rng) => new Rendezvous(options, rng),
});
