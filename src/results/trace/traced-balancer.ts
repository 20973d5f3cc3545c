/**
 * A balancer whose picks the tracer sees: who could be picked, how busy each was, who was, and who was set aside. A fleet
 * sets servers aside by having them leave before a pick and join again after it, at the same moment.
 */
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
  readonly #out = new Departures();

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
    this.#tracer.picked(now, request, server, this.#out.aside(now), () => this.#loads(candidates));
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
    this.#out.joined(now, server);
    this.#balancer.joined(now, server, weight);
  }

  left(now: Millis, server: ServerId): void {
    this.#out.left(now, server);
    this.#balancer.left(now, server);
  }

  #loads(candidates: Candidates): Load[] {
    return Array.from({ length: candidates.size }, (_, index) => candidates.at(index))
      .sort((a, b) => a - b)
      .map((server) => ({ server, inFlight: this.#inFlight[server] ?? 0 }));
  }
}

/** Servers that have left at this very moment, and the picks made without them. */
class Departures {
  #now: Millis = -1;
  readonly #left = new Set<ServerId>();
  readonly #picks: { readonly without: Set<ServerId>; readonly aside: ServerId[] }[] = [];

  left(now: Millis, server: ServerId): void {
    this.#moveTo(now);
    this.#left.add(server);
  }

  /** It had only been set aside for the picks that were made meanwhile. */
  joined(now: Millis, server: ServerId): void {
    this.#moveTo(now);
    if (!this.#left.delete(server)) return;
    for (const { without, aside } of this.#picks) if (without.delete(server)) aside.push(server);
  }

  /** For a pick: a list that takes up those of the departed that come back. */
  aside(now: Millis): readonly ServerId[] {
    this.#moveTo(now);
    const aside: ServerId[] = [];
    if (this.#left.size > 0) this.#picks.push({ without: new Set(this.#left), aside });
    return aside;
  }

  #moveTo(now: Millis): void {
    if (now === this.#now) return;
    this.#now = now;
    this.#left.clear();
    this.#picks.length = 0;
  }
}
