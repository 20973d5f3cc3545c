/**
 * A balancer among servers that come and go, driven as a fleet drives it: `joined` and `left` in step with the
 * candidates, a `sent` for every pick, a `settled` for every call, also of servers that have left.
 */
import type { Request, ServerId } from '../../src/core/request.ts';
import { CandidateSet } from '../../src/fleet/candidate-set.ts';
import type { Balancer } from '../../src/policies/balancer/balancer.ts';

export class Arena {
  readonly candidates = new CandidateSet();
  /** Servers with calls in flight, once for each. */
  readonly inFlight: ServerId[] = [];
  readonly #balancer: Balancer;
  #now = 0;
  #arrival = 0;

  constructor(balancer: Balancer, servers: Iterable<ServerId> = [], weight = 1) {
    this.#balancer = balancer;
    for (const server of servers) this.join(server, weight);
  }

  join(server: ServerId, weight = 1): void {
    this.candidates.add(server);
    this.#balancer.joined(this.#tick(), server, weight);
  }

  leave(server: ServerId): void {
    this.candidates.remove(server);
    this.#balancer.left(this.#tick(), server);
  }

  /** Picks a server and sends it a call, which stays in flight. */
  call(): ServerId {
    const now = this.#tick();
    const server = this.#balancer.pick(now, request(this.#arrival++, now), this.candidates);
    this.#balancer.sent(now, server);
    this.inFlight.push(server);
    return server;
  }

  /** Settles the `index`th call in flight. */
  settle(index: number): void {
    const [server] = this.inFlight.splice(index, 1);
    if (server !== undefined) this.#balancer.settled(this.#tick(), server, 'ok', 10);
  }

  /** A call that is answered before the next one comes. */
  callAlone(): ServerId {
    const server = this.call();
    this.settle(this.inFlight.length - 1);
    return server;
  }

  /** `calls` such calls, counted by server. */
  tally(calls: number): Map<ServerId, number> {
    const counts = new Map<ServerId, number>();
    for (let k = 0; k < calls; k++) {
      const server = this.callAlone();
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }

  #tick(): number {
    return ++this.#now;
  }
}

export const request = (arrival: number, at: number): Request => ({
  arrival,
  call: 0,
  kind: 'call',
  tool: 0,
  safe: true,
  era: 'modern',
  session: 0,
  at,
  key: 0,
  account: -1,
});
