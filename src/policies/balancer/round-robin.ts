/**
 * Round robin: servers take turns. The reference's index modulo a filtered list skips and repeats servers whenever the
 * list changes; here the rotation is a linked ring, so a server that leaves gives its turns to all the others alike
 * (no "next after the failed one gets double"), and one that joins waits for a full turn. O(1) whatever the fleet.
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import { policy } from '../registry.ts';
import type { Balancer } from './balancer.ts';

const NONE = -1;

export class RoundRobin implements Balancer {
  /** Ring by server id; NONE when outside it. */
  readonly #next: ServerId[] = [];
  readonly #previous: ServerId[] = [];
  /** Served last. */
  #cursor: ServerId = NONE;

  pick(): ServerId {
    this.#cursor = this.#next[this.#cursor]!;
    return this.#cursor;
  }

  sent(): void {}
  settled(): void {}

  joined(_now: number, server: ServerId): void {
    while (this.#next.length <= server) {
      this.#next.push(NONE);
      this.#previous.push(NONE);
    }
    const before = this.#cursor === NONE ? server : this.#cursor;
    const after = this.#cursor === NONE ? server : this.#next[before]!;
    this.#link(before, server);
    this.#link(server, after);
    this.#cursor = server;
  }

  left(_now: number, server: ServerId): void {
    const before = this.#previous[server]!;
    if (before === server) this.#cursor = NONE;
    else {
      this.#link(before, this.#next[server]!);
      if (this.#cursor === server) this.#cursor = before;
    }
    this.#next[server] = NONE;
  }

  #link(before: ServerId, after: ServerId): void {
    this.#next[before] = after;
    this.#previous[after] = before;
  }
}

export const roundRobin = policy({
  summary: 'Servers take turns.',
  options: z.strictObject({}),
  facts: {
    rule: 'Serve the next server of a ring; a server that joins waits a full turn, one that leaves is cut out of the ring.',
    follows: "the reference's `round_robin`, without its skew when membership changes",
    good: 'like servers, like requests, moderate load',
    bad: 'unlike servers or heavy-tailed work: it keeps feeding a slow server its full share',
    cost: 'O(1)',
  },
  make: () => new RoundRobin(),
});
