/**
 * Round robin: servers take turns. The reference's index modulo a filtered list skips and repeats servers whenever the
 * list changes; here the rotation is a linked ring, so a server that leaves gives its turns to all the others alike
 * (no "next after the failed one gets double"). One that joins waits for a full turn; one that is back before its turn
 * came keeps its place, or a server that retries step around would lose turns to the rest. O(1) whatever the fleet.
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import { policy } from '../registry.ts';
import { Unreported } from './unreported.ts';
import type { Balancer } from './balancer.ts';

const NONE = -1;

export class RoundRobin extends Unreported implements Balancer {
  /** Ring by server id; NONE when outside it. Servers that have left stay in it until their turn comes. */
  readonly #next: ServerId[] = [];
  readonly #present: boolean[] = [];
  /** Served last. */
  #cursor: ServerId = NONE;

  pick(): ServerId {
    const next = this.#next;
    const cursor = this.#cursor;
    let server = next[cursor]!;
    while (!this.#present[server]) {
      next[cursor] = next[server]!;
      next[server] = NONE;
      server = next[cursor]!;
    }
    this.#cursor = server;
    return server;
  }

  sent(): void {}
  settled(): void {}

  joined(_now: number, server: ServerId): void {
    while (this.#next.length <= server) {
      this.#next.push(NONE);
      this.#present.push(false);
    }
    this.#present[server] = true;
    if (this.#next[server] !== NONE) return;
    if (this.#cursor === NONE) this.#next[server] = server;
    else {
      this.#next[server] = this.#next[this.#cursor]!;
      this.#next[this.#cursor] = server;
    }
    this.#cursor = server;
  }

  left(_now: number, server: ServerId): void {
    this.#present[server] = false;
  }
}

export const roundRobin = policy({
  summary: 'Servers take turns.',
  options: z.strictObject({}),
  facts: {
    rule: 'Serve the next server of a ring; a server that joins waits a full turn, one that leaves is cut out of the ring when its turn comes.',
    follows: "the reference's `round_robin`, without its skew when membership changes",
    good: 'like servers, like requests, moderate load',
    bad: 'unlike servers or heavy-tailed work: it keeps feeding a slow server its full share',
    cost: 'O(1)',
  },
  make: () => new RoundRobin(),
});
