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

/** A server's row: neighbours in the list of its bucket, calls in flight (kept when it has left, too), 1 for a candidate. */
const WIDTH = 4;
const NEXT = 0;
const PREVIOUS = 1;
const ACTIVE = 2;
const ELIGIBLE = 3;

export class LeastConnections extends Unreported implements Balancer {
  /** By server id, each row within a line of the processor's caches. */
  #rows = new Int32Array(64 * WIDTH);
  /** Ends of the doubly linked lists, one a bucket. */
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
    const row = WIDTH * server;
    if (row >= this.#rows.length) {
      const wider = new Int32Array(Math.max(2 * this.#rows.length, row + WIDTH));
      wider.set(this.#rows);
      this.#rows = wider;
    }
    this.#rows[row + ELIGIBLE] = 1;
    this.#append(server);
  }

  left(_now: number, server: ServerId): void {
    this.#rows[WIDTH * server + ELIGIBLE] = 0;
    this.#unlink(server);
  }

  #move(server: ServerId, change: 1 | -1): void {
    const rows = this.#rows;
    const row = WIDTH * server;
    const eligible = rows[row + ELIGIBLE] === 1;
    if (eligible) this.#unlink(server);
    rows[row + ACTIVE]! += change;
    if (eligible) this.#append(server);
  }

  #append(server: ServerId): void {
    const rows = this.#rows;
    const row = WIDTH * server;
    const bucket = rows[row + ACTIVE]!;
    while (this.#head.length <= bucket) {
      this.#head.push(NONE);
      this.#tail.push(NONE);
    }
    const tail = this.#tail[bucket]!;
    if (tail === NONE) this.#head[bucket] = server;
    else rows[WIDTH * tail + NEXT] = server;
    rows[row + PREVIOUS] = tail;
    rows[row + NEXT] = NONE;
    this.#tail[bucket] = server;
    if (bucket < this.#floor) this.#floor = bucket;
  }

  #unlink(server: ServerId): void {
    const rows = this.#rows;
    const row = WIDTH * server;
    const bucket = rows[row + ACTIVE]!;
    const before = rows[row + PREVIOUS]!;
    const after = rows[row + NEXT]!;
    if (before === NONE) this.#head[bucket] = after;
    else rows[WIDTH * before + NEXT] = after;
    if (after === NONE) this.#tail[bucket] = before;
    else rows[WIDTH * after + PREVIOUS] = before;
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
