/**
 * The world behind the library's fleet. It does two things for real, health checks and the alarm; calls are made by the
 * library's caller, so `send` only notes where the fleet wants the request to go. The fleet decides at once whether and
 * where to send (one attempt, no retries), which is what makes `place` a plain function.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import type { CallId, Facts } from '../../fleet/facts.ts';
import type { Call, Intentions } from '../../fleet/intentions.ts';
import { Alarm } from '../gateway/alarm.ts';
import type { Probe } from './health-probe.ts';
import type { Seat } from './seat.ts';
import type { Timekeeper } from './timekeeper.ts';

export interface Placed {
  readonly id: CallId;
  readonly server: ServerId;
}

export class FleetWorld implements Intentions {
  readonly #seats: readonly Seat[];
  readonly #time: Timekeeper;
  readonly #probe: Probe;
  #facts!: Facts;
  #placed: Placed | null = null;
  /** Aborts the checks under way; null while there are to be none. */
  #checks: AbortController | null = null;
  readonly #underWay = new Set<Promise<void>>();
  /** Checks that fell due while there were to be none, with their timeouts. */
  readonly #owed = new Map<ServerId, Millis>();
  #alarmAt: Millis = NEVER;
  readonly #alarm: Alarm;

  constructor(seats: readonly Seat[], time: Timekeeper, probe: Probe) {
    this.#seats = seats;
    this.#time = time;
    this.#probe = probe;
    this.#alarm = new Alarm(
      time,
      () => this.#facts.woke(time.now()),
      (delay, ring) => time.after(delay, ring),
    );
  }

  get checking(): boolean {
    return this.#checks !== null;
  }

  open(facts: Facts): void {
    this.#facts = facts;
    facts.opened(this.#time.now());
  }

  beginChecks(): void {
    if (this.#checks !== null) return;
    this.#checks = new AbortController();
    const owed = [...this.#owed];
    this.#owed.clear();
    for (const [server, timeout] of owed) this.probe(this.#time.now(), server, timeout);
    this.#alarm.set(this.#alarmAt);
  }

  async endChecks(): Promise<void> {
    this.#checks?.abort();
    this.#checks = null;
    this.#alarm.set(NEVER);
    await Promise.all(this.#underWay);
  }

  /** Where the fleet sends the request; null when nowhere. */
  place(request: Request): Placed | null {
    this.#placed = null;
    this.#facts.arrived(request.at, request);
    return this.#placed;
  }

  finish(call: CallId, outcome: Outcome): void {
    this.#facts.answered(this.#time.now(), call, outcome);
  }

  send(_now: Millis, { id, server }: Call): void {
    this.#placed = { id, server };
  }

  probe(_now: Millis, server: ServerId, timeout: Millis): void {
    if (this.#checks === null) {
      this.#owed.set(server, timeout);
      return;
    }
    const check = this.#check(server, timeout, this.#checks.signal);
    this.#underWay.add(check);
    void check.finally(() => this.#underWay.delete(check));
  }

  wakeAt(_now: Millis, at: Millis): void {
    this.#alarmAt = at;
    if (this.#checks !== null) this.#alarm.set(at);
  }

  // Nothing to do: no deadlines, no scaling, and the caller of `place` learns the rest from what it returns.
  abandon(): void {}
  ask(): void {}
  withhold(): void {}
  start(): void {}
  stop(): void {}
  reply(): void {}
  note(): void {}

  async #check(server: ServerId, timeout: Millis, signal: AbortSignal): Promise<void> {
    const seat = this.#seats[server]!;
    seat.checkedAt = this.#time.now();
    const result = await this.#probe(seat.url, timeout, signal);
    if (signal.aborted) {
      // Given up by us, which says nothing about the server: asked again when checks begin anew, or have already.
      this.probe(this.#time.now(), server, timeout);
      return;
    }
    seat.lastHealthCheck = new Date();
    seat.lastError = result.ok ? null : result.error;
    this.#facts.probed(this.#time.now(), server, result.ok);
  }
}
