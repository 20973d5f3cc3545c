/**
 * Least connections: the candidate with the fewest calls in flight. The reference scans all servers and sends every tie
 * to the first; here servers stand in buckets by their number of calls, oldest first, so ties take turns and a pick
 * costs O(1) however many servers wait (a scan collapses forty-fold when 10,000 servers are overloaded).
 * Pathology: a server that fails fast always looks idle and draws the traffic (the sinkhole).
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import { policy } from '../registry.ts';
import { Unreported } from './unreported.ts';
import type { Balancer } from './balancer.ts';

const NONE = -1;

export class LeastConnections extends Unreported implements Balancer {
  /** Calls in flight, by server id; kept for servers that have left, too. */
  readonly #active: number[] = [];
  readonly #eligible: boolean[] = [];
  /** Doubly linked lists, one a bucket, by server id. */
  readonly #next: ServerId[] = [];
  readonly #previous: ServerId[] = [];
  readonly #head: ServerId[] = [NONE];
  readonly #tail: ServerId[] = [NONE];
  /** No candidate has fewer calls than this. */
  #floor = 0;

  pick(): ServerId {
    let head = this.#head[this.#floor]!;
    while (head === NONE) head = this.#head[++this.#floor]!;
    return head;
  }

  sent(_now: number, server: ServerId): void {
    this.#move(server, 1);
  }

  settled(_now: number, server: ServerId): void {
    this.#move(server, -1);
  }

  joined(_now: number, server: ServerId): void {
    while (this.#active.length <= server) {
      this.#active.push(0);
      this.#eligible.push(false);
      this.#next.push(NONE);
      this.#previous.push(NONE);
    }
    this.#eligible[server] = true;
    this.#append(server);
  }

  left(_now: number, server: ServerId): void {
    this.#eligible[server] = false;
    this.#unlink(server);
  }

  #move(server: ServerId, change: 1 | -1): void {
    if (!this.#eligible[server]) {
      this.#active[server]! += change;
      return;
    }
    this.#unlink(server);
    this.#active[server]! += change;
    this.#append(server);
  }

  #append(server: ServerId): void {
    const bucket = this.#active[server]!;
    while (this.#head.length <= bucket) {
      this.#head.push(NONE);
      this.#tail.push(NONE);
    }
    const tail = this.#tail[bucket]!;
    if (tail === NONE) this.#head[bucket] = server;
    else this.#next[tail] = server;
    this.#previous[server] = tail;
    this.#next[server] = NONE;
    this.#tail[bucket] = server;
    if (bucket < this.#floor) this.#floor = bucket;
  }

  #unlink(server: ServerId): void {
    const bucket = this.#active[server]!;
    const before = this.#previous[server]!;
    const after = this.#next[server]!;
    if (before === NONE) this.#head[bucket] = after;
    else this.#next[before] = after;
    if (after === NONE) this.#tail[bucket] = before;
    else this.#previous[after] = before;
  }
}

export const leastConnections = policy({
  summary: 'The server with the fewest calls in flight; ties take turns.',
  options: z.strictObject({}),
  facts: {
    rule: 'Among candidates the one with the fewest calls sent and not yet settled; of equals the one that has waited longest.',
    follows: "the reference's `least_connections`, with ties spread",
    good: 'unlike servers and heavy-tailed work seen by one balancer',
    bad: 'a server that fails fast (sinkhole), a server that has just joined (herd)',
    cost: 'O(1)',
  },
  make: () => new LeastConnections(),
});
