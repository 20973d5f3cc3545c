/**
 * The members of the fleet and their life: starting, ready, draining, gone. Here calls and checks are booked with the
 * policies; what follows for who may be picked, eligibility.ts says.
 */
import { invariant } from '../core/invariant.ts';
import { serverName } from '../core/request.ts';
import { NEVER, toMicros, type Millis } from '../core/units.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Permit } from '../policies/breaker/breaker.ts';
import type { Limit } from '../policies/limit/limit.ts';
import { Eligibility } from './eligibility.ts';
import type { FleetNote, Intentions } from './intentions.ts';
import { Member } from './member.ts';
import type { FleetOptions } from './options.ts';
import { TIMER, type Timers } from './timers.ts';
import { ToolCircuit } from './tool-circuit.ts';

/** The permit of a call that was sent although its circuit did not admit it, in a panic: no breaker hears of it. */
const NO_PERMIT: Permit = -1;

export class Members {
  readonly all: Member[] = [];
  readonly eligibility: Eligibility;
  /** Calls sent and not settled. */
  inFlight = 0;
  startingCount = 0;
  /** Sessions held by servers that are ready. */
  readySessions = 0;
  readonly #options: FleetOptions;
  readonly #timers: Timers;
  readonly #out: Intentions;
  /** The limit of the whole fleet. */
  readonly #limit: Limit | null;

  constructor(options: FleetOptions, timers: Timers, out: Intentions) {
    this.#options = options;
    this.#timers = timers;
    this.#out = out;
    this.eligibility = new Eligibility(options, this.all, timers, out);
    this.#limit = options.limit?.scope === 'fleet' ? options.limit.make() : null;
  }

  /** Servers that are meant to be there: ready or starting. */
  get wanted(): number {
    return this.eligibility.readyCount + this.startingCount;
  }

  /** Has the fleet as many calls in flight as it may have? */
  get full(): boolean {
    return this.#limit !== null && this.inFlight >= this.#limit.limit();
  }

  /** The first servers: up, checked, each at a phase of its own in the round of checks. */
  open(now: Millis): void {
    for (const weight of this.#options.weights) {
      const member = this.#add(weight);
      member.health.probed(now, true);
      this.#makeReady(now, member);
      const { every } = member.health;
      if (every < NEVER) {
        this.#timers.schedule(
          now + toMicros(every * this.#options.probePhase(member.id)),
          TIMER.probe,
          member.id,
        );
      }
    }
  }

  start(now: Millis, because: string): void {
    const member = this.#add(this.#options.newWeight);
    member.startedAt = now;
    this.startingCount++;
    this.#note(now, member, 'is starting', because, 'starting');
    this.#out.start(now, member.id);
  }

  /** It is up; with health checks it is trusted after the first good one, which is made at once. */
  started(now: Millis, member: Member): void {
    if (member.phase !== 'starting') return;
    if (member.health.every < NEVER) this.probe(now, member);
    else this.#ready(now, member);
  }

  probe(now: Millis, member: Member): void {
    if (member.phase === 'gone' || member.phase === 'draining' || member.probing) return;
    member.probing = true;
    member.probedAt = now;
    this.#out.probe(now, member.id, member.health.timeout);
  }

  probed(now: Millis, member: Member, ok: boolean): void {
    member.probing = false;
    if (member.phase === 'gone' || member.phase === 'draining') return;
    member.health.probed(now, ok);
    if (member.phase === 'ready') this.#options.ejection?.probed(now, member.id, ok);
    if (member.phase === 'starting' && member.health.healthy(now)) this.#ready(now, member);
    else this.eligibility.refresh(now, member);
    const { every, timeout } = member.health;
    const took = now - member.probedAt;
    // Longer than its timeout no check takes: the world slept, and the beats it missed are not made up for.
    const beats = took > timeout ? Math.ceil(took / every) : 1;
    const next = Math.max(member.probedAt + beats * every, now);
    this.#timers.schedule(next, TIMER.probe, member.id);
  }

  /** A call of `tool` goes to it. */
  sent(now: Millis, member: Member, tool: number): Permit {
    const breaker = member.breaker ?? this.#toolCircuit(member, tool).breaker;
    const unasked = this.eligibility.panicking && !breaker.admits(now);
    const permit = unasked ? NO_PERMIT : breaker.sent(now);
    member.inFlight++;
    this.inFlight++;
    this.#options.balancer.sent(now, member.id);
    if (member.breaker === null) this.#noticeTool(now, member, tool);
    this.eligibility.refresh(now, member);
    return permit;
  }

  /** Calls in flight in the scope of the limit, for a call just sent. */
  crowd(member: Member): number {
    return this.#limit === null ? member.inFlight : this.inFlight;
  }

  /** A call of `tool` ended; `crowd`: what it was told when it was sent. */
  settled(
    now: Millis,
    member: Member,
    tool: number,
    permit: Permit,
    outcome: Outcome,
    tookMs: Millis,
    crowd: number,
  ): void {
    const { balancer, ejection } = this.#options;
    const breaker = member.breaker ?? this.#toolCircuit(member, tool).breaker;
    member.inFlight--;
    this.inFlight--;
    invariant(member.inFlight >= 0, 'fleet: more calls settled than sent');
    balancer.settled(now, member.id, outcome, tookMs);
    member.health.settled(now, outcome);
    if (permit !== NO_PERMIT) breaker.settled(now, permit, outcome, tookMs);
    (member.limit ?? this.#limit)?.settled(now, outcome, tookMs, crowd);
    if (ejection !== null) {
      ejection.settled(now, member.id, outcome);
      this.eligibility.noticeEjections(now);
    }
    if (member.breaker === null) this.#noticeTool(now, member, tool);
    this.eligibility.refresh(now, member);
    if (member.phase === 'draining') this.#stopWhenIdle(now, member);
  }

  /** The ejection's sweep is due. */
  sweep(now: Millis): void {
    this.#options.ejection!.sweep(now);
    this.eligibility.noticeEjections(now);
  }

  drain(now: Millis, member: Member, because: string): void {
    if (member.phase === 'starting') {
      this.startingCount--;
      this.#stop(now, member, because);
      return;
    }
    invariant(member.phase === 'ready', 'fleet: only a ready server can drain');
    member.phase = 'draining';
    this.readySessions -= member.sessions;
    this.#options.ejection?.left(now, member.id);
    this.eligibility.leave(now, member);
    this.#note(now, member, 'drains', because, 'draining');
    if (!this.#stopWhenIdle(now, member) && this.#options.drain < NEVER) {
      this.#timers.schedule(now + this.#options.drain, TIMER.drain, member.id);
    }
  }

  /** The drain deadline: what is still there is lost. */
  drained(now: Millis, member: Member): void {
    if (member.phase === 'draining') this.#stop(now, member, 'its time to drain is over');
  }

  /** It holds one more session. */
  pinned(member: Member): void {
    member.sessions++;
    if (member.phase === 'ready') this.readySessions++;
  }

  released(now: Millis, member: Member): void {
    member.sessions--;
    if (member.phase === 'ready') this.readySessions--;
    if (member.phase === 'draining') this.#stopWhenIdle(now, member);
  }

  woke(now: Millis, member: Member): void {
    member.wakeAt = NEVER;
    this.eligibility.refresh(now, member);
  }

  #add(weight: number): Member {
    const { circuits, health, limit } = this.#options;
    const id = this.all.length;
    const breaker = circuits === 'server' ? this.#options.breaker(id, -1) : null;
    const own = limit?.scope === 'server' ? limit.make() : null;
    const member = new Member(id, weight, health(id), breaker, own);
    this.all.push(member);
    return member;
  }

  #toolCircuit(member: Member, tool: number): ToolCircuit {
    const breaker = this.#options.breaker;
    return (member.toolCircuits[tool + 1] ??= new ToolCircuit(breaker(member.id, tool), tool));
  }

  #noticeTool(now: Millis, member: Member, tool: number): void {
    this.eligibility.noticeToolCircuit(now, member, this.#toolCircuit(member, tool));
  }

  #ready(now: Millis, member: Member): void {
    this.startingCount--;
    member.upSince = now;
    this.#makeReady(now, member);
    this.#note(now, member, 'is ready', member.health.because(now), 'healthy');
  }

  #makeReady(now: Millis, member: Member): void {
    member.phase = 'ready';
    member.readyAt = now;
    this.#options.ejection?.joined(now, member.id);
    this.eligibility.join(now, member);
  }

  #stopWhenIdle(now: Millis, member: Member): boolean {
    const idle = member.inFlight === 0 && member.sessions === 0;
    if (idle || this.#options.drain === 0) {
      this.#stop(now, member, idle ? 'it has nothing left to do' : 'draining is off');
      return true;
    }
    return false;
  }

  #stop(now: Millis, member: Member, because: string): void {
    member.phase = 'gone';
    // Who waits for it alone waits no longer.
    if (this.#options.backlog !== null) this.eligibility.touched.push(member.id);
    this.#note(now, member, 'stops', because, 'gone');
    this.#out.stop(now, member.id);
  }

  #note(
    now: Millis,
    member: Member,
    text: string,
    because: string,
    state: FleetNote['state'],
  ): void {
    this.#out.note({
      at: now,
      kind: 'server',
      server: member.id,
      text: `${serverName(member.id)} ${text}`,
      because,
      state,
    });
  }
}
