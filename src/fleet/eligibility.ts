/**
 * Who may be picked. A server is fit when it is ready, healthy, not ejected, and its circuit admits; it is eligible when
 * it is fit (or, in a panic, merely ready) and below its limit. The set is kept as it changes and never rescanned, but
 * when a panic begins or ends; `audit` recomputes it to prove that.
 */
import { invariant } from '../core/invariant.ts';
import { serverName, type ServerId } from '../core/request.ts';
import { NEVER, type Millis } from '../core/units.ts';
import type { Breaker, BreakerState } from '../policies/breaker/breaker.ts';
import { panics } from '../policies/guards/panic.ts';
import { CandidateSet } from './candidate-set.ts';
import type { Intentions } from './intentions.ts';
import type { Member } from './member.ts';
import type { FleetOptions } from './options.ts';
import { TIMER, type Timers } from './timers.ts';
import type { ToolCircuit } from './tool-circuit.ts';

export class Eligibility {
  readonly candidates = new CandidateSet();
  readyCount = 0;
  /** Ready and healthy, whatever their circuit. */
  healthyCount = 0;
  fitCount = 0;
  /** Too few are fit: all that are ready are used. */
  panicking = false;
  /** Servers whose eligibility may have changed since the backlog was last served; kept only where there is one. */
  readonly touched: ServerId[] = [];
  readonly #options: FleetOptions;
  readonly #all: readonly Member[];
  readonly #timers: Timers;
  readonly #out: Intentions;

  constructor(options: FleetOptions, all: readonly Member[], timers: Timers, out: Intentions) {
    this.#options = options;
    this.#all = all;
    this.#timers = timers;
    this.#out = out;
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
    if (member.breaker !== null) return member.breaker.admits(now);
    return member.toolCircuits[tool + 1]?.breaker.admits(now) ?? true;
  }

  /** `member` is ready from now on. */
  join(now: Millis, member: Member): void {
    this.readyCount++;
    member.healthy = this.trusts(now, member);
    if (member.healthy) this.healthyCount++;
    // First: a newcomer that is fit must be counted so before anybody asks for a panic.
    this.refresh(now, member);
    this.#reviewPanic(now);
  }

  /** `member` is ready no longer. */
  leave(now: Millis, member: Member): void {
    this.readyCount--;
    if (member.healthy) this.healthyCount--;
    this.refresh(now, member);
    this.#reviewPanic(now);
  }

  /** Brings the eligible set and the notes up to date with what the policies say. */
  refresh(now: Millis, member: Member): void {
    if (member.phase === 'gone') return;
    const { breaker, health } = member;
    const { ejection } = this.#options;
    const ejected = ejection !== null && ejection.ejected(member.id);
    const healthy = health.healthy(now) && !ejected;
    if (healthy !== member.healthy) {
      const byEjection = ejected !== member.ejected;
      const because = byEjection ? ejection!.because(member.id) : health.because(now);
      this.#healthChanged(now, member, healthy, because);
    }
    member.ejected = ejected;
    if (breaker !== null) this.#noticeBreaker(now, member, breaker);
    const fit = member.phase === 'ready' && healthy && (breaker === null || breaker.admits(now));
    if (fit !== member.fit) {
      member.fit = fit;
      this.fitCount += fit ? 1 : -1;
      this.#reviewPanic(now);
    }
    this.#reviewEligible(now, member);
    const wakeAt = Math.min(breaker?.wakeAt(now) ?? NEVER, health.wakeAt(now));
    if (wakeAt < NEVER && wakeAt < member.wakeAt) {
      member.wakeAt = wakeAt;
      this.#timers.schedule(wakeAt, TIMER.wake, member.id);
    }
  }

  /** Brings those whose ejection has changed up to date. */
  noticeEjections(now: Millis): void {
    const { changed } = this.#options.ejection!;
    while (changed.length > 0) this.refresh(now, this.#all[changed.pop()!]!);
  }

  /** Notes a change of state of the circuit of one tool. */
  noticeToolCircuit(now: Millis, member: Member, circuit: ToolCircuit): void {
    const state = circuit.breaker.state(now);
    if (state === circuit.seen || member.phase === 'gone') return;
    circuit.seen = state;
    this.#noteCircuit(now, member, circuit.breaker, state, circuit.tool);
  }

  #noticeBreaker(now: Millis, member: Member, breaker: Breaker): void {
    const state = breaker.state(now);
    if (state === member.circuit) return;
    member.circuit = state;
    this.#noteCircuit(now, member, breaker, state);
  }

  #noteCircuit(
    now: Millis,
    member: Member,
    breaker: Breaker,
    state: BreakerState,
    tool?: number,
  ): void {
    const { tools } = this.#options;
    // Where nobody has named the tools, whoever reads the note knows them by their index.
    const of =
      tool === undefined
        ? ''
        : ` for ${tools[tool] ?? (tool < 0 ? 'calls of no tool' : 'one tool')}`;
    const became = state === 'closed' ? 'closed' : state === 'open' ? 'opened' : 'is half-open';
    this.#out.note({
      at: now,
      kind: 'breaker',
      server: member.id,
      text: `breaker of ${serverName(member.id)}${of} ${became}`,
      because: state === 'half-open' ? 'its recovery time has passed' : breaker.because(),
      state,
      ...(tool !== undefined && { tool }),
    });
  }

  /** Takes a server out of the next pick, and puts it back; its circuit and health are not touched. */
  setAside(now: Millis, server: ServerId): void {
    this.candidates.remove(server);
    this.#options.balancer.left(now, server);
  }

  putBack(now: Millis, server: ServerId): void {
    this.candidates.add(server);
    this.#options.balancer.joined(now, server, this.#all[server]!.weight);
  }

  /** Invariant: the candidates are exactly the ready servers that the policies let through. */
  audit(now: Millis): void {
    let eligible = 0;
    let fit = 0;
    for (const member of this.#all) {
      const { breaker } = member;
      const isFit =
        member.phase === 'ready' &&
        this.trusts(now, member) &&
        (breaker === null || breaker.admits(now));
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

  #healthChanged(now: Millis, member: Member, healthy: boolean, because: string): void {
    member.healthy = healthy;
    if (member.phase !== 'ready') return;
    this.healthyCount += healthy ? 1 : -1;
    if (healthy) member.upSince = now;
    const text = healthy ? 'is healthy again' : 'is ejected';
    this.#out.note({
      at: now,
      kind: 'health',
      server: member.id,
      text: `${serverName(member.id)} ${text}`,
      because,
      state: healthy ? 'healthy' : 'unhealthy',
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
    for (const member of this.#all) this.#reviewEligible(now, member);
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
}
