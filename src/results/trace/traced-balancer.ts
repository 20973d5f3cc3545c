/** A balancer whose picks the tracer sees: who could be picked, how busy each was, and who was. */
import type { LoadReport } from '../../core/load-report.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Balancer, Candidates } from '../../policies/balancer/balancer.ts';
import type { Load } from './story.ts';
import type { Tracer } from './tracer.ts';

export class TracedBalancer implements Balancer {
  readonly listens: boolean;
  readonly polls: boolean;
  readonly #balancer: Balancer;
  readonly #tracer: Tracer;
  readonly #inFlight: number[] = [];

  constructor(balancer: Balancer, tracer: Tracer) {
    this.listens = balancer.listens;
    this.polls = balancer.polls;
    this.#balancer = balancer;
    this.#tracer = tracer;
  }

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    this.#balancer.reported(now, server, report);
  }

  poll(now: Millis): ServerId {
    return this.#balancer.poll(now);
  }

  pick(now: Millis, request: Request, candidates: Candidates): ServerId {
    const server = this.#balancer.pick(now, request, candidates);
    this.#tracer.picked(now, request, server, () => this.#loads(candidates));
    return server;
  }

  sent(now: Millis, server: ServerId): void {
    this.#inFlight[server] = (this.#inFlight[server] ?? 0) + 1;
    this.#balancer.sent(now, server);
  }

  settled(now: Millis, server: ServerId, outcome: Outcome, tookMs: Millis): void {
    this.#inFlight[server] = (this.#inFlight[server] ?? 0) - 1;
    this.#balancer.settled(now, server, outcome, tookMs);
  }

  joined(now: Millis, server: ServerId, weight: number): void {
    this.#balancer.joined(now, server, weight);
  }

  left(now: Millis, server: ServerId): void {
    this.#balancer.left(now, server);
  }

  #loads(candidates: Candidates): Load[] {
    return Array.from({ length: candidates.size }, (_, index) => candidates.at(index))
      .sort((a, b) => a - b)
      .map((server) => ({ server, inFlight: this.#inFlight[server] ?? 0 }));
  }
}
