/**
 * Weighted least connections as HAProxy's leastconn has it (3.3-dev of 2026-08, src/lb_fwlc.c): servers stand by
 * (calls + 1) / weight, calls being those in service and those queued, or 0 for an idle one; the least goes first, and
 * of equals the one that came there first. HAProxy scales the key by the greatest weight and cuts it to a whole number; here it is exact.
 * Pathology: a server that fails fast looks idle (sinkhole); one that has just joined gets every call until it has caught up, which
 * is why HAProxy's manual asks for slow start with it. Idle servers are equal whatever their weight.
 */
import { z } from 'zod';
import { KeyedHeap } from '../../core/keyed-heap.ts';
import type { ServerId } from '../../core/request.ts';
import { policy } from '../registry.ts';
import type { Balancer } from './balancer.ts';
import { Unreported } from './unreported.ts';

export class WeightedLeastConnections extends Unreported implements Balancer {
  readonly #heap = new KeyedHeap();
  readonly #weights: number[] = [];
  readonly #present: boolean[] = [];
  /** Calls in flight, by server id; kept for servers that have left, too. */
  readonly #active: number[] = [];
  #moves = 0;

  pick(): ServerId {
    return this.#heap.first;
  }

  sent(_now: number, server: ServerId): void {
    this.#active[server]! += 1;
    if (this.#present[server]) this.#place(server);
  }

  settled(_now: number, server: ServerId): void {
    this.#active[server]! -= 1;
    if (this.#present[server]) this.#place(server);
  }

  joined(_now: number, server: ServerId, weight: number): void {
    this.#weights[server] = weight;
    this.#active[server] ??= 0;
    this.#present[server] = true;
    this.#place(server);
  }

  left(_now: number, server: ServerId): void {
    this.#present[server] = false;
    this.#heap.remove(server);
  }

  #place(server: ServerId): void {
    const active = this.#active[server]!;
    const key = active === 0 ? 0 : (active + 1) / this.#weights[server]!;
    this.#heap.set(server, key, this.#moves++);
  }
}

export const weightedLeastConnections = policy({
  summary: 'The server with the fewest calls in flight for its weight.',
  options: z.strictObject({}),
  facts: {
    rule: 'Among candidates the least (calls in flight + 1) / weight, 0 for an idle server; of equals the one that has stood there longest.',
    follows: 'HAProxy leastconn, 3.3-dev of 2026-08 (src/lb_fwlc.c), queued calls counted',
    good: 'servers of known, unlike capacity and heavy-tailed work, seen by one balancer',
    bad: 'a server that fails fast (sinkhole), a server that has just joined (herd)',
    cost: 'O(log n)',
  },
  make: () => new WeightedLeastConnections(),
});
