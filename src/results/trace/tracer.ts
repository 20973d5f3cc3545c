/**
 * The tracer listens at the door for one request and keeps its story. It wraps the world, so it hears every intention and
 * fact, and the balancer, so it sees the candidates of each pick; the policies themselves know nothing of it.
 */
import type { Outcome } from '../../core/outcome.ts';
import { requestName, type Request, type ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Call, FleetNote } from '../../fleet/intentions.ts';
import type { CallId } from '../../fleet/facts.ts';
import type { Fault } from '../../scenario/scenario.ts';
import type { Load, Story, StoryEvent } from './story.ts';

/** Remarks on the fleet kept from before the request arrived, and from its lifetime. */
const REMARKS_BEFORE = 5;
const REMARKS_DURING = 50;
const NO_CALL: CallId = -1;

export class Tracer {
  /** Requests that arrived. */
  arrivals = 0;
  /** Calls of the session that began with the wanted arrival, if it was one. */
  readonly callsOfSession: number[] = [];
  readonly #wanted: string;
  readonly #faults: readonly Fault[];
  readonly #before: StoryEvent[] = [];
  readonly #events: StoryEvent[] = [];
  /** Servers that suffer each fault now. */
  readonly #suffering = new Map<number, number>();
  #request: Request | null = null;
  #call: CallId = NO_CALL;
  #server: ServerId = -1;
  #attempts = 0;
  #attemptEndedAt: Millis | null = null;
  #isReplied = false;
  #remarks = 0;

  /** `wanted`: a name as `requestName` gives it, e.g. `17` or `17.3`. */
  constructor(wanted: string, faults: readonly Fault[]) {
    this.#wanted = wanted;
    this.#faults = faults;
  }

  /** Null when the request never arrived. */
  get story(): Story | null {
    return this.#request && { request: this.#request, events: [...this.#before, ...this.#events] };
  }

  arrived(now: Millis, request: Request): void {
    this.arrivals = Math.max(this.arrivals, request.arrival + 1);
    if (request.session !== 0 && String(request.arrival) === this.#wanted)
      this.callsOfSession.push(request.call);
    if (this.#request !== null || requestName(request) !== this.#wanted) return;
    this.#request = request;
    const faults = [...this.#suffering.keys()].map((fault) => this.#faults[fault]!.label);
    this.#tell({ at: now, kind: 'arrived', faults });
  }

  picked(now: Millis, request: Request, server: ServerId, candidates: () => readonly Load[]): void {
    if (request === this.#request)
      this.#tell({ at: now, kind: 'picked', server, candidates: candidates() });
  }

  sent(now: Millis, { id, request, server, attempt }: Call): void {
    if (request !== this.#request) return;
    this.#call = id;
    this.#server = server;
    this.#attempts = attempt + 1;
    const pausedMs = this.#attemptEndedAt === null ? null : now - this.#attemptEndedAt;
    this.#tell({ at: now, kind: 'sent', server, attempt, pausedMs });
  }

  withheld(now: Millis, request: Request, because: Outcome): void {
    if (request !== this.#request) return;
    this.#attempts++;
    this.#attemptEndedAt = now;
    this.#tell({ at: now, kind: 'withheld', because });
  }

  served(now: Millis, server: ServerId, waitedMs: Millis, request: Request, attempt: number): void {
    if (request !== this.#request) return;
    const awaited = this.#call !== NO_CALL && attempt === this.#attempts - 1;
    this.#tell({ at: now, kind: 'served', server, attempt, waitedMs, awaited });
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    if (call !== this.#call) return;
    this.#endAttempt(now);
    this.#tell({
      at: now,
      kind: 'answered',
      server: this.#server,
      attempt: this.#attempts - 1,
      outcome,
    });
  }

  abandoned(now: Millis, { id, server, attempt }: Call, because: 'timeout' | 'cancelled'): void {
    if (id !== this.#call) return;
    this.#endAttempt(now);
    this.#tell({ at: now, kind: 'abandoned', server, attempt, because });
  }

  replied(now: Millis, request: Request, outcome: Outcome): void {
    if (request !== this.#request) return;
    this.#isReplied = true;
    this.#tell({ at: now, kind: 'replied', outcome, attempts: this.#attempts });
  }

  noted({ at, text, because }: FleetNote): void {
    this.#remark({ at, kind: 'noted', text, because });
  }

  fault(now: Millis, fault: number, on: boolean): void {
    const before = this.#suffering.get(fault) ?? 0;
    const after = before + (on ? 1 : -1);
    if (after > 0) this.#suffering.set(fault, after);
    else this.#suffering.delete(fault);
    const { label } = this.#faults[fault]!;
    if (before === 0 || after === 0) this.#remark({ at: now, kind: 'fault', label, on });
  }

  #endAttempt(now: Millis): void {
    this.#call = NO_CALL;
    this.#attemptEndedAt = now;
  }

  #tell(event: StoryEvent): void {
    this.#events.push(event);
  }

  #remark(event: StoryEvent): void {
    if (this.#request === null) {
      if (this.#before.push(event) > REMARKS_BEFORE) this.#before.shift();
    } else if (!this.#isReplied && this.#remarks++ < REMARKS_DURING) this.#tell(event);
  }
}
