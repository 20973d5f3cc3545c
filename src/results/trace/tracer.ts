/**
 * The tracer listens at the door for one request and keeps its story. It wraps the world, so it hears every intention and
 * fact, and the balancer, so it sees the candidates of each pick; the policies themselves know nothing of it. A client
 * that is told to come again brings a copy of its request, and the story goes on with it.
 */
import type { Outcome } from '../../core/outcome.ts';
import { requestName, type Request, type ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Call, FleetNote } from '../../fleet/intentions.ts';
import type { CallId } from '../../fleet/facts.ts';
import type { Fault, Setup } from '../../scenario/scenario.ts';
import type { Load, Story, StoryEvent } from './story.ts';

/** Remarks on the fleet kept from before the request arrived, and from its lifetime. */
const REMARKS_BEFORE = 5;
const REMARKS_DURING = 50;

/** A request as its client brought it: the first time, or again. */
interface Coming {
  readonly request: Request;
  /** Attempts made before: the fleet counts from 0 each time. */
  readonly attemptsBefore: number;
  readonly tried: Set<ServerId>;
}

interface Attempt {
  readonly server: ServerId;
  readonly attempt: number;
}

export class Tracer {
  /** Requests that arrived. */
  arrivals = 0;
  /** Calls of the session that began with the arrival of the wanted name, if one did. */
  readonly callsOfSession: number[] = [];
  readonly #wanted: string;
  readonly #faults: readonly Fault[];
  readonly #affinity: Setup['affinity'];
  readonly #before: StoryEvent[] = [];
  readonly #events: StoryEvent[] = [];
  /** Servers that suffer each fault now. */
  readonly #suffering = new Map<number, number>();
  readonly #comings: Coming[] = [];
  /** More than one when a call is hedged. */
  readonly #underWay = new Map<CallId, Attempt>();
  /** Made so far, sent or not. */
  #attempts = 0;
  /** When the last one of this coming ended. */
  #attemptEndedAt: Millis | null = null;
  #hasLeft = false;
  #isReplied = false;
  #remarks = 0;

  /** `wanted`: a name as `requestName` gives it, e.g. `17` or `17.3`. */
  constructor(wanted: string, { faults, affinity }: Pick<Setup, 'faults' | 'affinity'>) {
    this.#wanted = wanted;
    this.#faults = faults;
    this.#affinity = affinity;
  }

  /** Null when the request never arrived. */
  get story(): Story | null {
    const [first] = this.#comings;
    return first ? { request: first.request, events: [...this.#before, ...this.#events] } : null;
  }

  arrived(now: Millis, request: Request): void {
    if (request.deferrals !== undefined) {
      this.#cameAgain(now, request, request.deferrals);
      return;
    }
    this.arrivals = Math.max(this.arrivals, request.arrival + 1);
    if (request.session !== 0 && String(request.arrival) === this.#wanted.split('.')[0])
      this.callsOfSession.push(request.call);
    if (this.#comings.length > 0 || requestName(request) !== this.#wanted) return;
    this.#comings.push({ request, attemptsBefore: 0, tried: new Set() });
    const faults = [...this.#suffering.keys()].map((fault) => this.#faults[fault]!.label);
    this.#tell({ at: now, kind: 'arrived', faults });
  }

  /** `aside`: servers set aside for the pick; those that are to come back may be added yet. */
  picked(
    now: Millis,
    request: Request,
    server: ServerId,
    aside: readonly ServerId[],
    candidates: () => readonly Load[],
  ): void {
    const coming = this.#comingOf(request);
    if (!coming) return;
    const tried = [...coming.tried];
    this.#tell({ at: now, kind: 'picked', server, candidates: candidates(), aside, tried });
  }

  sent(now: Millis, call: Call): void {
    const coming = this.#comingOf(call.request);
    if (!coming) return;
    const { server } = call;
    const attempt = coming.attemptsBefore + call.attempt;
    const beside = [...this.#underWay.values()].map((other) => other.attempt);
    const endedAt = beside.length > 0 ? null : this.#attemptEndedAt;
    const pausedMs = endedAt === null ? null : now - endedAt;
    const isPicked = this.#events.some(
      (event) => event.kind === 'picked' && event.at === now && event.server === server,
    );
    const heldBy = isPicked || this.#affinity === 'none' ? null : this.#affinity;
    this.#underWay.set(call.id, { server, attempt });
    this.#attempts = attempt + 1;
    coming.tried.add(server);
    this.#tell({ at: now, kind: 'sent', server, attempt, pausedMs, heldBy, beside });
  }

  withheld(now: Millis, request: Request, because: Outcome): void {
    if (!this.#comingOf(request)) return;
    this.#attempts++;
    this.#attemptEndedAt = now;
    this.#tell({ at: now, kind: 'withheld', because });
  }

  /** `ordinal`: of the attempt, as the fleet counts them. */
  served(now: Millis, server: ServerId, waitedMs: Millis, request: Request, ordinal: number): void {
    const coming = this.#comingOf(request);
    if (!coming) return;
    const attempt = coming.attemptsBefore + ordinal;
    const awaited = [...this.#underWay.values()].some((other) => other.attempt === attempt);
    this.#tell({ at: now, kind: 'served', server, attempt, waitedMs, awaited });
  }

  answered(now: Millis, call: CallId, outcome: Outcome): void {
    const ended = this.#endAttempt(now, call);
    if (ended) this.#tell({ at: now, kind: 'answered', ...ended, outcome });
  }

  left(request: Request): void {
    if (this.#comingOf(request)) this.#hasLeft = true;
  }

  /** But for its client, a fleet cancels an attempt only when another one has answered. */
  abandoned(now: Millis, call: Call, why: 'timeout' | 'cancelled'): void {
    const ended = this.#endAttempt(now, call.id);
    if (!ended) return;
    const cancelled = this.#hasLeft ? 'left' : 'outrun';
    const because = why === 'timeout' ? why : cancelled;
    this.#tell({ at: now, kind: 'abandoned', ...ended, because });
  }

  replied(now: Millis, request: Request, outcome: Outcome): void {
    if (!this.#comingOf(request)) return;
    if (outcome === 'deferred') {
      this.#tell({ at: now, kind: 'deferred', deferrals: this.#comings.length });
      return;
    }
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

  #cameAgain(now: Millis, request: Request, deferrals: number): void {
    if (this.#comings.length === 0 || requestName(request) !== this.#wanted) return;
    this.#comings.push({ request, attemptsBefore: this.#attempts, tried: new Set() });
    this.#attemptEndedAt = null;
    this.#tell({ at: now, kind: 'came-again', deferrals });
  }

  /** Undefined for any other request. */
  #comingOf(request: Request): Coming | undefined {
    return this.#comings.find((coming) => coming.request === request);
  }

  /** The attempt that ended; undefined for a call of another request. */
  #endAttempt(now: Millis, call: CallId): Attempt | undefined {
    const attempt = this.#underWay.get(call);
    if (this.#underWay.delete(call)) this.#attemptEndedAt = now;
    return attempt;
  }

  #tell(event: StoryEvent): void {
    this.#events.push(event);
  }

  #remark(event: StoryEvent): void {
    if (this.#comings.length === 0) {
      if (this.#before.push(event) > REMARKS_BEFORE) this.#before.shift();
    } else if (!this.#isReplied && this.#remarks++ < REMARKS_DURING) this.#tell(event);
  }
}
