/**
 * The open-loop driver: fires the scenario's own arrivals at their intended instants whatever the answers do, and walks
 * sessions in their closed loop of reply and think time. Latency counts from the intended instant to the last byte, so a
 * driver or a gateway that falls behind makes requests slow, not few (Tene, "How NOT to measure latency", 2015).
 */
import { EventHeap } from '../../core/event-heap.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Request } from '../../core/request.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import type { Inputs, Traffic } from '../../scenario/scenario.ts';
import { Demand, followMs, type SessionTally } from '../../scenario/traffic.ts';
import type { Clock } from '../clock.ts';
import { Pacer, type Pacing } from './pacer.ts';
import type { Sample } from './samples.ts';

export interface OpenLoopOptions {
  readonly traffic: Traffic;
  readonly inputs: Inputs;
  readonly seed: number;
  readonly duration: Millis;
  readonly warmup: Millis;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly client: Sender;
  readonly report: (sample: Sample) => void;
}

/** What carries requests: the HTTP client, or a test's. */
export interface Sender {
  send(request: Request, done: (outcome: Outcome) => void): void;
  confirm(session: number, done: () => void): void;
  endSession(session: number): void;
}

interface InFlight {
  readonly request: Request;
  readonly lagMs: Millis;
}

export class OpenLoop {
  readonly #options: OpenLoopOptions;
  readonly #demand: Demand;
  readonly #pacer: Pacer;
  /** Sessions whose think time is running, by the end of it. */
  readonly #thinking = new EventHeap();
  readonly #inFlight = new Set<InFlight>();
  readonly #end: Millis;
  #sequence = 0;
  #stopped = false;
  #finish: () => void = () => {};

  constructor(options: OpenLoopOptions) {
    const { traffic, inputs, seed, warmup, duration, clock, pacing } = options;
    this.#options = options;
    this.#demand = new Demand(traffic, inputs, seed, warmup);
    this.#pacer = new Pacer(clock, pacing, (now) => this.#fireDue(now));
    this.#end = duration + followMs(traffic, duration);
  }

  /** What became of the sessions that started in the measured time. */
  get sessions(): SessionTally {
    return this.#demand.tally;
  }

  /** Resolves when all is answered after the duration, or the time to follow it is over. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#pacer.ringAt(this.#nextAt());
    });
  }

  /** Ends the run now, as if its time were over. */
  stop(): void {
    this.#stopped = true;
    this.#over(this.#options.clock.now());
  }

  #nextAt(): Millis {
    const next = Math.min(this.#demand.nextAt, this.#thinking.at);
    const { duration } = this.#options;
    if (next < duration) return next;
    return this.#options.clock.now() < duration ? duration : this.#end;
  }

  #fireDue(now: Millis): void {
    const { duration } = this.#options;
    for (;;) {
      const at = Math.min(this.#demand.nextAt, this.#thinking.at);
      if (at > now || at >= duration) break;
      this.#fire(at === this.#demand.nextAt ? this.#demand.arrive() : this.#resume(at));
    }
    if (now >= duration && (this.#inFlight.size === 0 || now >= this.#end)) this.#over(now);
    else this.#pacer.ringAt(this.#nextAt());
  }

  #resume(at: Millis): Request {
    const session = this.#thinking.item;
    this.#thinking.pop();
    const request = this.#demand.resume(at, session);
    if (request.session !== session) this.#options.client.endSession(session);
    return request;
  }

  #fire(request: Request): void {
    const { clock, client } = this.#options;
    const lagMs = Math.max(0, clock.now() - request.at);
    const flight: InFlight = { request, lagMs };
    this.#inFlight.add(flight);
    client.send(request, (outcome) => this.#answered(flight, outcome));
  }

  #answered(flight: InFlight, outcome: Outcome): void {
    // After the end nobody counts any more.
    if (!this.#inFlight.delete(flight)) return;
    const now = this.#options.clock.now();
    const { request } = flight;
    this.#tell(flight, now, outcome);
    if (request.session > 0) this.#goOn(now, request, outcome);
    if (this.#inFlight.size === 0 && now >= this.#options.duration) this.#over(now);
  }

  #goOn(now: Millis, request: Request, outcome: Outcome): void {
    const { client } = this.#options;
    const { session } = request;
    const next = this.#demand.replied(now, request, outcome);
    if (next === NEVER) client.endSession(session);
    else if (request.kind === 'initialize' && outcome === 'ok')
      client.confirm(session, () => this.#think(this.#options.clock.now(), session));
    else this.#think(next, session);
  }

  #think(until: Millis, session: number): void {
    if (until >= this.#options.duration || this.#stopped) return;
    this.#thinking.push(until, this.#sequence++, 0, session);
    this.#pacer.ringAt(this.#nextAt());
  }

  #tell({ request, lagMs }: InFlight, now: Millis, outcome: Outcome): void {
    const { arrival, call, session, kind, tool, at } = request;
    const latencyMs = now - at;
    this.#options.report({ arrival, call, session, kind, tool, at, lagMs, latencyMs, outcome });
  }

  /** What is still in flight is told as cancelled: it arrived, and its end nobody knows. */
  #over(now: Millis): void {
    this.#pacer.silence();
    for (const flight of this.#inFlight) this.#tell(flight, now, 'cancelled');
    this.#inFlight.clear();
    this.#finish();
  }
}
