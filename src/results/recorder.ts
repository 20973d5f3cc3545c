/**
 * The recorder wraps the door: it sees every fact and every intention, and an observer's view of the servers, and makes
 * of them the record of one run. It asserts what must hold in any run: each request is replied to once, arrivals =
 * replies + in flight, and Little's law from start to drain from three independent counters.
 */
import { invariant } from '../core/invariant.ts';
import { isFailure, type Failure, type Outcome } from '../core/outcome.ts';
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { CallId, Facts } from '../fleet/facts.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Call, FleetNote, Intentions } from '../fleet/intentions.ts';
import { PassingFacts, PassingIntentions } from '../fleet/passing.ts';
import type { Observer, ServerTotals, SessionTotals } from '../fleet/world.ts';
import type { Setup } from '../scenario/scenario.ts';
import type { RunRecord, SessionRow } from './results.ts';
import { Chronicle } from './chronicle.ts';
import { RequestLedger } from './request-ledger.ts';
import { RunSeries } from './run-series.ts';
import { ServerLedger } from './server-ledger.ts';
import { isStable } from './stability.ts';

export interface RecorderOptions {
  readonly contender: number;
  readonly seed: number;
  readonly setup: Setup;
  readonly duration: Millis;
  readonly warmup: Millis;
}

const NO_CALL: CallId = -1;

/** A fleet of this size is recounted at every tick; a larger one once so many requests have come for each server. */
const SMALL_FLEET = 1000;
const REQUESTS_A_RECOUNT = 8;

export class Recorder implements Observer {
  readonly #options: RecorderOptions;
  readonly #requests: RequestLedger;
  readonly #servers: ServerLedger;
  readonly #series: RunSeries;
  readonly #chronicle: Chronicle;
  #fleet: Fleet | null = null;
  #sessions: SessionRow | null = null;
  /** Server and measuredness of the call in each slot. */
  readonly #callServer: ServerId[] = [];
  readonly #callMeasured: boolean[] = [];
  /** The call whose answer the fleet is hearing. */
  #hearing: CallId = NO_CALL;
  /** Little's law: requests present, integrated; and the sum of their sojourns. */
  #present = 0;
  #presentArea = 0;
  #presentAt: Millis = 0;
  #sojourns = 0;
  #arrived = 0;
  #replied = 0;
  /** How late requests came, summed: a driver may lag behind the intended arrivals. */
  #lateness = 0;
  #lastAt: Millis = 0;
  /** Requests that had arrived when the fleet was last recounted. */
  #recountedAt = 0;

  constructor(options: RecorderOptions) {
    const { setup, duration, warmup } = options;
    this.#options = options;
    this.#requests = new RequestLedger(setup.traffic, warmup);
    this.#servers = new ServerLedger(warmup, duration);
    this.#series = new RunSeries(duration);
    this.#chronicle = new Chronicle(setup.faults, duration, warmup);
  }

  /** The door into `fleet`, seen by the recorder. */
  facts(fleet: Fleet): Facts {
    this.#fleet = fleet;
    return new RecordedFacts(this, fleet);
  }

  /** The door out to `world`, seen by the recorder. */
  intentions(world: Intentions): Intentions {
    return new RecordedIntentions(this, world);
  }

  /** The record; after the run. */
  record(): RunRecord {
    const { contender, seed, setup } = this.#options;
    this.#checkConservation();
    const servers = this.#servers.rows(this.#chronicle);
    const { series } = this.#series.finish();
    return {
      contender,
      seed,
      metrics: {
        ...this.#requests.metrics(this.#options.duration - this.#options.warmup),
        ...this.#servers.metrics(),
        ...this.#chronicle.metrics(),
        ...(setup.traffic.sessions &&
          this.#sessions && {
            sessions: this.#sessions.started,
            sessionsLost: this.#sessions.lost,
          }),
      },
      stable: isStable(series, this.#options.warmup),
      notes: this.#chronicle.notes,
      notesTotal: this.#chronicle.notesTotal,
      latency: this.#requests.latency.counts,
      failures: this.#requests.failures(),
      series,
      tools: this.#requests.tools(),
      servers,
      sessions: setup.traffic.sessions && this.#sessions,
      strips: this.#chronicle.strips(),
      faults: this.#chronicle.faultSpans(),
    };
  }

  waited(now: Millis, server: ServerId, waitedMs: Millis): void {
    this.#servers.waited(now, server, waitedMs);
  }

  /** Waits in the measured time that a live server has counted itself: how many, their sum, and counts of a histogram. */
  addWaits(server: ServerId, waits: number, waitedMs: Millis, counts: Uint32Array): void {
    this.#servers.addWaits(server, waits, waitedMs, counts);
  }

  /** `due`: the instant that this tick is of, where a real clock may be late for it. */
  tick(now: Millis, queued: number, due: Millis = now): void {
    const fleet = this.#fleet!;
    if (this.#recountIsDue(due)) {
      fleet.audit(now);
      this.#recountedAt = this.#arrived;
    }
    const waiting = queued + fleet.waiting;
    this.#series.gauge(due, fleet.wanted, fleet.ready, fleet.inFlight, waiting);
  }

  tally(now: Millis, servers: readonly ServerTotals[]): void {
    this.#servers.tally(now, servers);
  }

  fault(now: Millis, fault: number, server: ServerId, on: boolean): void {
    this.#chronicle.fault(now, fault, server, on);
  }

  sessions(totals: SessionTotals): void {
    const { started, lost, recovered, calls } = totals;
    this.#sessions = {
      started,
      lost,
      recovered,
      callsMean: started === 0 ? null : calls / started,
    };
  }

  arrived(now: Millis, request: Request): void {
    this.#changePresent(now, 1);
    this.#arrived++;
    this.#lateness += now - request.at;
    this.#requests.arrived(request);
    if (request.deferrals === undefined) this.#series.arrived(now);
  }

  sent(call: Call): void {
    const measured = this.#requests.sent(call);
    this.#callServer[call.id] = call.server;
    this.#callMeasured[call.id] = measured;
    if (measured) this.#servers.sent(call.server);
  }

  /** An answer comes in: it ends the call, unless `fleet` finds at this very moment that its deadline has passed. */
  answered(now: Millis, call: CallId, outcome: Outcome, fleet: Facts): void {
    const server = this.#callServer[call]!;
    const measured = this.#callMeasured[call]!;
    this.#hearing = call;
    fleet.answered(now, call, outcome);
    if (measured && this.#hearing === call) this.#callEnded(server, outcome);
    this.#hearing = NO_CALL;
  }

  /** A call has been given up. */
  abandoned(call: CallId, because: Outcome): void {
    if (this.#callMeasured[call]) this.#callEnded(this.#callServer[call]!, because);
    if (call === this.#hearing) this.#hearing = NO_CALL;
  }

  withheld(request: Request): void {
    this.#requests.withheld(request);
  }

  replied(now: Millis, request: Request, outcome: Outcome): void {
    invariant(this.#replied < this.#arrived, 'recorder: more replies than requests');
    this.#changePresent(now, -1);
    this.#replied++;
    this.#sojourns += now - request.at;
    this.#requests.replied(now, request, outcome);
    this.#series.replied(now, request.at, outcome);
  }

  noted(note: FleetNote): void {
    this.#chronicle.note(note);
  }

  /** A recount walks over all servers: it must not cost more than the requests between two of them. */
  #recountIsDue(due: Millis): boolean {
    const servers = this.#fleet!.wanted;
    const came = this.#arrived - this.#recountedAt;
    return (
      servers <= SMALL_FLEET ||
      came >= REQUESTS_A_RECOUNT * servers ||
      due >= this.#options.duration
    );
  }

  #callEnded(server: ServerId, outcome: Outcome): void {
    this.#requests.callEnded(outcome);
    if (isFailure(outcome)) this.#servers.failed(server);
  }

  #changePresent(now: Millis, change: 1 | -1): void {
    this.#presentArea += this.#present * (now - this.#presentAt);
    this.#presentAt = now;
    this.#present += change;
    this.#lastAt = now;
  }

  /**
   * arrived = replied + in flight, as the fleet counts them; and Little's law from three counters that know nothing of
   * each other: the area of requests present (and the wait of those that came late), the sojourns as each reply tells
   * them, and the ages of what the fleet still holds.
   */
  #checkConservation(): void {
    invariant(
      this.#arrived === this.#replied + this.#fleet!.inFlight,
      'recorder: requests were lost or doubled',
    );
    const total = this.#sojourns + this.#fleet!.ages(this.#lastAt);
    const area = this.#presentArea + this.#lateness;
    const scale = Math.max(1, area, this.#arrived * this.#lastAt * 1e-6);
    invariant(
      Math.abs(area - total) <= 1e-6 * scale,
      `recorder: Little's law is broken: ${area} against ${total}`,
    );
  }
}

class RecordedFacts extends PassingFacts {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder, fleet: Facts) {
    super(fleet);
    this.#recorder = recorder;
  }

  override arrived(now: Millis, request: Request): void {
    this.#recorder.arrived(now, request);
    this.next.arrived(now, request);
  }

  override answered(now: Millis, call: CallId, outcome: Outcome): void {
    this.#recorder.answered(now, call, outcome, this.next);
  }
}

class RecordedIntentions extends PassingIntentions {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder, world: Intentions) {
    super(world);
    this.#recorder = recorder;
  }

  override send(now: Millis, call: Call): void {
    this.#recorder.sent(call);
    this.next.send(now, call);
  }

  override abandon(now: Millis, call: Call, because: 'timeout' | 'cancelled'): void {
    this.#recorder.abandoned(call.id, because);
    this.next.abandon(now, call, because);
  }

  override withhold(now: Millis, request: Request, because: Failure): void {
    if (because !== 'session-lost') this.#recorder.withheld(request);
    this.next.withhold(now, request, because);
  }

  override reply(now: Millis, request: Request, outcome: Outcome): void {
    this.#recorder.replied(now, request, outcome);
    this.next.reply(now, request, outcome);
  }

  override note(note: FleetNote): void {
    this.#recorder.noted(note);
    this.next.note(note);
  }
}
