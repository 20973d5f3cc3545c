/**
 * The members of the fleet: their life (starting, ready, draining, gone), their health and circuit, and who of them is
 * eligible. A server is fit when it is ready, healthy, not ejected, and its circuit admits; it is eligible when it is fit
 * (or all are, in a panic) and below its limit. The set is kept as it changes and never rescanned; `audit` recomputes it
 * to prove that.
 */
import { invariant } from '../core/invariant.ts';
import { serverName, type ServerId } from '../core/request.ts';
import { NEVER, toMicros, type Millis } from '../core/units.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Permit } from '../policies/breaker/breaker.ts';
import { panics } from '../policies/health/panic.ts';
import type { Limit } from '../policies/limit/limit.ts';
import { CandidateSet } from './candidate-set.ts';
import { Circuit, NO_PERMIT } from './circuit.ts';
import type { FleetNote, Intentions } from './intentions.ts';
import { Member } from './member.ts';
import type { FleetOptions } from './options.ts';
import { TIMER, type Timers } from './timers.ts';

export class Members {
  readonly all: Member[] = [];
  readonly candidates = new CandidateSet();
  /** Ready and healthy, whatever their circuit. */
  healthyCount = 0;
  fitCount = 0;
  /** Too few are fit: all that are ready are used. */
  panicking = false;
  /** Calls sent and not settled. */
  inFlight = 0;
  /** Servers whose eligibility may have changed since the backlog was last served; kept only where there is one. */
  readonly touched: ServerId[] = [];
  readyCount = 0;
  startingCount = 0;
  readonly #options: FleetOptions;
  readonly #timers: Timers;
  readonly #out: Intentions;
  /** The limit of the whole fleet. */
  readonly #limit: Limit | null;

  constructor(options: FleetOptions, timers: Timers, out: Intentions) {
    this.#options = options;
    this.#timers = timers;
    this.#out = out;
    this.#limit = options.limit?.scope === 'fleet' ? options.limit.make() : null;
  }

  /** Servers that are meant to be there: ready or starting. */
  get wanted(): number {
    return this.readyCount + this.startingCount;
  }

  /** Has the fleet as many calls in flight as it may have? */
  get full(): boolean {
    return this.#limit !== null && this.inFlight >= this.#limit.limit();
  }

  /** May a call of `tool` be sent to it now, by what the fleet knows? Asked of the policies themselves, not of what is cached. */
  takes(now: Millis, member: Member, tool: number): boolean {
    return this.panicking || (this.trusts(now, member) && this.admits(now, member, tool));
  }

  /** Healthy, and not ejected. */
  trusts(now: Millis, member: Member): boolean {
    const { ejection } = this.#options;
    return member.health.healthy(now) && (ejection === null || !ejection.ejected(member.id));
  }

  /** Does the circuit for `tool` admit a call? */
  admits(now: Millis, member: Member, tool: number): boolean {
    if (member.circuit !== null) return member.circuit.breaker.admits(now);
    return member.toolCircuits[tool + 1]?.breaker.admits(now) ?? true;
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
    this.#note(now, 'server', member, 'is starting', because, 'starting');
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
    else this.refresh(now, member);
    const { every, timeout } = member.health;
    const took = now - member.probedAt;
    // Longer than its timeout no check takes: the world slept, and the beats it missed are not made up for.
    const beats = took > timeout ? Math.ceil(took / every) : 1;
    const next = Math.max(member.probedAt + beats * every, now);
    this.#timers.schedule(next, TIMER.probe, member.id);
  }

  /** A call of `tool` goes to it. */
  sent(now: Millis, member: Member, tool: number): Permit {
    const circuit = member.circuit ?? this.#toolCircuit(member, tool);
    const permit = circuit.breaker.admits(now) ? circuit.breaker.sent(now) : NO_PERMIT;
    member.inFlight++;
    this.inFlight++;
    this.#options.balancer.sent(now, member.id);
    this.#noticeCircuit(now, member, circuit);
    this.refresh(now, member);
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
    const circuit = member.circuit ?? this.#toolCircuit(member, tool);
    member.inFlight--;
    this.inFlight--;
    invariant(member.inFlight >= 0, 'fleet: more calls settled than sent');
    balancer.settled(now, member.id, outcome, tookMs);
    member.health.settled(now, outcome);
    if (permit !== NO_PERMIT) circuit.breaker.settled(now, permit, outcome, tookMs);
    (member.limit ?? this.#limit)?.settled(now, outcome, tookMs, crowd);
    if (ejection !== null) {
      ejection.settled(now, member.id, outcome);
      this.#noticeEjections(now);
    }
    this.#noticeCircuit(now, member, circuit);
    this.refresh(now, member);
    if (member.phase === 'draining') this.#stopWhenIdle(now, member);
  }

  /** The ejection's sweep is due. */
  sweep(now: Millis): void {
    this.#options.ejection!.sweep(now);
    this.#noticeEjections(now);
  }

  drain(now: Millis, member: Member, because: string): void {
    if (member.phase === 'starting') {
      this.startingCount--;
      this.#stop(now, member, because);
      return;
    }
    invariant(member.phase === 'ready', 'fleet: only a ready server can drain');
    this.readyCount--;
    if (member.healthy) this.healthyCount--;
    member.phase = 'draining';
    this.#options.ejection?.left(now, member.id);
    this.refresh(now, member);
    this.#reviewPanic(now);
    this.#note(now, 'server', member, 'drains', because, 'draining');
    if (!this.#stopWhenIdle(now, member) && this.#options.drain < NEVER) {
      this.#timers.schedule(now + this.#options.drain, TIMER.drain, member.id);
    }
  }

  /** The drain deadline: what is still there is lost. */
  drained(now: Millis, member: Member): void {
    if (member.phase === 'draining') this.#stop(now, member, 'its time to drain is over');
  }

  released(now: Millis, member: Member): void {
    member.sessions--;
    if (member.phase === 'draining') this.#stopWhenIdle(now, member);
  }

  /** Brings the eligible set and the notes up to date with what the policies say. */
  refresh(now: Millis, member: Member): void {
    if (member.phase === 'gone') return;
    const { circuit, health } = member;
    const { ejection } = this.#options;
    const ejected = ejection !== null && ejection.ejected(member.id);
    const healthy = health.healthy(now) && !ejected;
    if (healthy !== member.healthy) {
      const byEjection = ejected !== member.ejected;
      const because = byEjection ? ejection!.because(member.id) : health.because(now);
      this.#healthChanged(now, member, healthy, because);
    }
    member.ejected = ejected;
    if (circuit !== null) this.#noticeCircuit(now, member, circuit);
    const fit =
      member.phase === 'ready' && healthy && (circuit === null || circuit.breaker.admits(now));
    if (fit !== member.fit) {
      member.fit = fit;
      this.fitCount += fit ? 1 : -1;
      this.#reviewPanic(now);
    }
    this.#reviewEligible(now, member);
    const wakeAt = Math.min(circuit?.breaker.wakeAt(now) ?? NEVER, health.wakeAt(now));
    if (wakeAt < NEVER && wakeAt < member.wakeAt) {
      member.wakeAt = wakeAt;
      this.#timers.schedule(wakeAt, TIMER.wake, member.id);
    }
  }

  woke(now: Millis, member: Member): void {
    member.wakeAt = NEVER;
    this.refresh(now, member);
  }

  /** Takes a server out of the next pick, and puts it back; its circuit and health are not touched. */
  setAside(now: Millis, server: ServerId): void {
    this.candidates.remove(server);
    this.#options.balancer.left(now, server);
  }

  putBack(now: Millis, server: ServerId): void {
    this.candidates.add(server);
    this.#options.balancer.joined(now, server, this.all[server]!.weight);
  }

  /** Invariant: the candidates are exactly the ready servers that the policies let through. */
  audit(now: Millis): void {
    let eligible = 0;
    let fit = 0;
    for (const member of this.all) {
      const { circuit } = member;
      const isFit =
        member.phase === 'ready' &&
        this.trusts(now, member) &&
        (circuit === null || circuit.breaker.admits(now));
      const should = member.phase === 'ready' && (isFit || this.panicking) && !member.full;
      invariant(
        should === this.candidates.has(member.id),
        `fleet: ${serverName(member.id)} is ${should ? 'eligible but no candidate' : 'a candidate but not eligible'}`,
      );
      if (should) eligible++;
      if (isFit) fit++;
    }
    invariant(eligible === this.candidates.size, 'fleet: the candidate set has strangers in it');
    invariant(fit === this.fitCount, 'fleet: the fit servers were miscounted');
    invariant(
      this.panicking === panics(fit, this.readyCount, this.#options.panic),
      'fleet: panic without cause, or none with it',
    );
  }

  #add(weight: number): Member {
    const { breaker, circuits, health, limit } = this.#options;
    const id = this.all.length;
    const circuit = circuits === 'server' ? new Circuit(breaker(id, -1), null) : null;
    const own = limit?.scope === 'server' ? limit.make() : null;
    const member = new Member(id, weight, health(id), circuit, own);
    this.all.push(member);
    return member;
  }

  #toolCircuit(member: Member, tool: number): Circuit {
    const { toolCircuits } = member;
    return (toolCircuits[tool + 1] ??= new Circuit(this.#options.breaker(member.id, tool), tool));
  }

  #ready(now: Millis, member: Member): void {
    this.startingCount--;
    member.upSince = now;
    this.#makeReady(now, member);
    this.#note(now, 'server', member, 'is ready', member.health.because(now), 'healthy');
  }

  #makeReady(now: Millis, member: Member): void {
    member.phase = 'ready';
    member.readyAt = now;
    this.readyCount++;
    this.#options.ejection?.joined(now, member.id);
    member.healthy = this.trusts(now, member);
    if (member.healthy) this.healthyCount++;
    this.#reviewPanic(now);
    this.refresh(now, member);
  }

  #healthChanged(now: Millis, member: Member, healthy: boolean, because: string): void {
    member.healthy = healthy;
    if (member.phase !== 'ready') return;
    this.healthyCount += healthy ? 1 : -1;
    if (healthy) member.upSince = now;
    const text = healthy ? 'is healthy again' : 'is ejected';
    this.#note(now, 'health', member, text, because, healthy ? 'healthy' : 'unhealthy');
  }

  #noticeEjections(now: Millis): void {
    const { changed } = this.#options.ejection!;
    while (changed.length > 0) this.refresh(now, this.all[changed.pop()!]!);
  }

  #noticeCircuit(now: Millis, member: Member, circuit: Circuit): void {
    const state = circuit.breaker.state(now);
    if (state === circuit.seen || member.phase === 'gone') return;
    circuit.seen = state;
    const of =
      circuit.tool === null ? '' : ` for ${this.#options.tools[circuit.tool] ?? 'initialize'}`;
    const became = state === 'closed' ? 'closed' : state === 'open' ? 'opened' : 'is half-open';
    this.#out.note({
      at: now,
      kind: 'breaker',
      server: member.id,
      text: `breaker of ${serverName(member.id)}${of} ${became}`,
      because: state === 'half-open' ? 'its recovery time has passed' : circuit.breaker.because(),
      state,
    });
  }

  #reviewPanic(now: Millis): void {
    const { panic } = this.#options;
    if (panic === 0) return;
    const panicking = panics(this.fitCount, this.readyCount, panic);
    if (panicking === this.panicking) return;
    this.panicking = panicking;
    this.#out.note({
      at: now,
      kind: 'health',
      server: null,
      text: panicking ? 'panic: all ready servers are used' : 'the panic is over',
      because: `${this.fitCount} of ${this.readyCount} are fit`,
      state: null,
    });
    for (const member of this.all) this.#reviewEligible(now, member);
  }

  #reviewEligible(now: Millis, member: Member): void {
    const eligible = member.phase === 'ready' && (member.fit || this.panicking) && !member.full;
    if (eligible !== member.eligible) this.#setEligible(now, member, eligible);
    if (this.#options.backlog !== null) this.touched.push(member.id);
  }

  #setEligible(now: Millis, member: Member, eligible: boolean): void {
    member.eligible = eligible;
    if (eligible) this.putBack(now, member.id);
    else this.setAside(now, member.id);
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
    this.#note(now, 'server', member, 'stops', because, 'gone');
    this.#out.stop(now, member.id);
  }

  #note(
    now: Millis,
    kind: FleetNote['kind'],
    member: Member,
    text: string,
    because: string,
    state: FleetNote['state'],
  ): void {
    this.#out.note({
      at: now,
      kind,
      server: member.id,
      text: `${serverName(member.id)} ${text}`,
      because,
      state,
    });
  }
}
