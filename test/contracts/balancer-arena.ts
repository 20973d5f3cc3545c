/**
 * A balancer among servers that come and go, driven as a fleet drives it: `joined` and `left` in step with the
 * candidates, a `sent` for every pick, a `settled` for every call, also of servers that have left. Servers answer at
 * once when they are asked for their load, and tell it along with answers.
 */
import type { LoadReport } from '../../src/core/load-report.ts';
import type { Request, ServerId } from '../../src/core/request.ts';
import { CandidateSet } from '../../src/fleet/candidate-set.ts';
import { NOBODY, type Balancer } from '../../src/policies/balancer/balancer.ts';

const SLOTS = 8;
const WORK_MS = 10;

export class Arena {
  readonly candidates = new CandidateSet();
  /** Servers with calls in flight, once for each. */
  readonly inFlight: ServerId[] = [];
  readonly #balancer: Balancer;
  /** Calls sent to each server, and calls it has answered. */
  readonly #sent: number[] = [];
  readonly #finished: number[] = [];
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

  /** Nothing happens for this long, ms. */
  idle(ms: number): void {
    this.#now += ms;
  }

  /** Picks a server and sends it a call, which stays in flight. `key` 0: the request has none. */
  call(key = 0): ServerId {
    const now = this.#tick();
    const server = this.#balancer.pick(now, request(this.#arrival++, now, key), this.candidates);
    this.#balancer.sent(now, server);
    this.inFlight.push(server);
    this.#sent[server] = (this.#sent[server] ?? 0) + 1;
    if (this.#balancer.polls) this.#answer(now);
    return server;
  }

  /** Calls in flight there. */
  load(server: ServerId): number {
    return (this.#sent[server] ?? 0) - (this.#finished[server] ?? 0);
  }

  /** Settles the `index`th call in flight. */
  settle(index: number, tookMs = WORK_MS): void {
    const [server] = this.inFlight.splice(index, 1);
    if (server === undefined) return;
    const now = this.#tick();
    this.#finished[server] = (this.#finished[server] ?? 0) + 1;
    if (this.#balancer.listens) this.#balancer.reported(now, server, this.#report(server));
    this.#balancer.settled(now, server, 'ok', tookMs);
  }

  /** A call that is answered before the next one comes. */
  callAlone(key = 0, tookMs: (server: ServerId) => number = () => WORK_MS): ServerId {
    const server = this.call(key);
    this.settle(this.inFlight.length - 1, tookMs(server));
    return server;
  }

  /** `calls` such calls, counted by server. */
  tally(calls: number, tookMs?: (server: ServerId) => number): Map<ServerId, number> {
    const counts = new Map<ServerId, number>();
    for (let k = 0; k < calls; k++) {
      const server = this.callAlone(0, tookMs);
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }

  #answer(now: number): void {
    for (let asked = this.#balancer.poll(now); asked !== NOBODY; asked = this.#balancer.poll(now))
      this.#balancer.reported(now, asked, this.#report(asked));
  }

  #report(server: ServerId): LoadReport {
    const load = this.load(server);
    const finished = this.#finished[server] ?? 0;
    return {
      busy: Math.min(load, SLOTS),
      slots: SLOTS,
      queued: Math.max(0, load - SLOTS),
      busyMs: finished * WORK_MS,
      finished,
      failed: 0,
      latencyMs: WORK_MS,
    };
  }

  #tick(): number {
    return ++this.#now;
  }
}

export const request = (arrival: number, at: number, key = 0): Request => ({
  arrival,
  call: 0,
  kind: 'call',
  tool: 0,
  safe: true,
  era: 'modern',
  session: 0,
  key,
  at,
  account: -1,
});
