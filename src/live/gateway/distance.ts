/**
 * The scenario's network in a live run, where everything is on one machine: each leg of a call and of a health check is
 * kept back for as long as the scenario says, less what the machine itself takes for it, which is measured before the
 * run. A call that nobody waits for any more is given up one leg later, as the server would hear of it then.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { EventHeap } from '../../core/event-heap.ts';
import type { Call } from '../../fleet/intentions.ts';
import type { Millis } from '../../core/units.ts';
import { LEG, type NetworkDelays } from '../../scenario/network.ts';
import type { Clock } from '../clock.ts';
import { ExactAlarm } from '../exact-alarm.ts';
import { probe, type ProbeKind, type ProbeResult } from './probe.ts';
import type { Outbound, Upstream } from './upstream.ts';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;

/** Health checks that are made to learn how long this machine takes for one. */
const REHEARSALS = 15;
const REHEARSAL_MS: Millis = 1000;
/** To be well, a health check needs some time however far the server is. */
const LEAST_PROBE_MS: Millis = 1;

export class Distance {
  /** What this machine takes for one leg. */
  own: Millis = 0;
  readonly #delays: NetworkDelays;
  readonly #clock: Clock;
  readonly #due = new EventHeap();
  readonly #acts: ((() => void) | null)[] = [];
  readonly #free: number[] = [];
  readonly #alarm: ExactAlarm;
  #sequence = 0;

  constructor(delays: NetworkDelays, clock: Clock) {
    this.#delays = delays;
    this.#clock = clock;
    this.#alarm = new ExactAlarm(clock, (now) => this.#settle(now));
  }

  /** Learns what the machine itself takes: half of a health check, the median of some. */
  async measure(upstream: Upstream, kind: ProbeKind): Promise<void> {
    const took: Millis[] = [];
    for (let k = 0; k < REHEARSALS; k++) {
      const from = performance.now();
      await new Promise<ProbeResult>((resolve) => probe(upstream, kind, REHEARSAL_MS, resolve));
      took.push(performance.now() - from);
    }
    this.own = took.sort((a, b) => a - b)[REHEARSALS >> 1]! / 2;
  }

  /** Sends a call over the distance, and what comes back as well. */
  call(upstream: Upstream, outbound: Outbound, handler: Handler, call: Call): void {
    const { request, attempt } = call;
    const [out, back, cancel] = [LEG.out, LEG.back, LEG.cancel].map((leg) =>
      this.#added(this.#delays.of(request, attempt, leg)),
    ) as [Millis, Millis, Millis];
    const far = new Far(handler, (ms, act) => this.#later(ms, act), back, cancel);
    handler.onRequestStart?.(far, undefined);
    this.#later(out, () => upstream.call(outbound, far));
  }

  /** As `probe`; `upstreamOf` is asked when the check gets there. */
  probe(
    upstreamOf: () => Upstream,
    kind: ProbeKind,
    timeout: Millis,
    done: (result: ProbeResult) => void,
  ): void {
    const leg = this.#added(this.#delays.typical);
    const left = Math.max(LEAST_PROBE_MS, timeout - 2 * leg);
    this.#later(leg, () =>
      probe(upstreamOf(), kind, left, (result) => this.#later(leg, () => done(result))),
    );
  }

  /** Nothing arrives any more. */
  close(): void {
    this.#alarm.clear();
    this.#acts.fill(null);
  }

  #added(delay: Millis): Millis {
    return Math.max(0, delay - this.own);
  }

  /** What is due at one instant happens in the order in which it was asked for. */
  #later(ms: Millis, act: () => void): void {
    const item = this.#free.pop() ?? this.#acts.push(null) - 1;
    this.#acts[item] = act;
    this.#due.push(this.#clock.now() + ms, ++this.#sequence, 0, item);
    this.#alarm.set(this.#due.at);
  }

  #settle(now: Millis): void {
    const due = this.#due;
    while (due.at <= now) {
      const { item } = due;
      due.pop();
      const act = this.#acts[item];
      this.#acts[item] = null;
      this.#free.push(item);
      act?.();
    }
    this.#alarm.set(due.at);
  }
}

/** A call's far end: passes on what it hears one leg later, and a giving-up as well. */
class Far implements Handler, Controller {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly #near: Handler;
  readonly #later: (ms: Millis, act: () => void) => void;
  readonly #back: Millis;
  readonly #cancel: Millis;
  #controller: Controller | null = null;

  constructor(
    near: Handler,
    later: (ms: Millis, act: () => void) => void,
    back: Millis,
    cancel: Millis,
  ) {
    this.#near = near;
    this.#later = later;
    this.#back = back;
    this.#cancel = cancel;
  }

  abort(reason: Error): void {
    this.#later(this.#cancel, () => {
      this.aborted = true;
      this.reason = reason;
      this.#controller?.abort(reason);
    });
  }

  pause(): void {
    this.paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#controller?.resume();
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.aborted) controller.abort(this.reason!);
  }

  onResponseStart(_controller: Controller, status: number, headers: IncomingHttpHeaders): void {
    this.#later(this.#back, () => this.#near.onResponseStart?.(this, status, headers));
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#later(this.#back, () => this.#near.onResponseData?.(this, chunk));
  }

  onResponseEnd(_controller: Controller, trailers: IncomingHttpHeaders): void {
    this.#later(this.#back, () => this.#near.onResponseEnd?.(this, trailers));
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#later(this.#back, () => this.#near.onResponseError?.(this, error));
  }
}
