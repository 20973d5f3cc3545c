/**
 * The members of the fleet: their life (starting, ready, draining, gone), their health and circuit, and who of them is
 * eligible. The eligible set is kept as it changes and never rescanned; `audit` recomputes it to prove that.
 */
import { invariant } from '../core/invariant.ts';
import { serverName, type ServerId } from '../core/request.ts';
import { NEVER, toMicros, type Millis } from '../core/units.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Breaker, BreakerState, Permit } from '../policies/breaker/breaker.ts';
import type { Health } from '../policies/health/health.ts';
import { CandidateSet } from './candidate-set.ts';
import type { FleetNote, Intentions } from './intentions.ts';
import type { FleetOptions } from './options.ts';
import { TIMER, type Timers } from './timers.ts';

export type Phase = 'starting' | 'ready' | 'draining' | 'gone';

export class Member {
  phase: Phase = 'starting';
  /** In the candidate set. */
  eligible = false;
  /** As last seen, to notice a change. */
  breakerState: BreakerState = 'closed';
  healthy = false;
  inFlight = 0;
  /** Sessions pinned here. */
  sessions = 0;
  /** When it was asked for, and when it first was ready; null until then. */
  startedAt: Millis = 0;
  readyAt: Millis | null = null;
  probing = false;
  probedAt: Millis = 0;
  /** The earliest wake that is scheduled. */
  wakeAt: Millis = NEVER;
  readonly id: ServerId;
  readonly weight: number;
  readonly health: Health;
  readonly breaker: Breaker;

  constructor(id: ServerId, weight: number, health: Health, breaker: Breaker) {
    this.id = id;
    this.weight = weight;
    this.health = health;
    this.breaker = breaker;
  }

  /** May a call be sent here now, by what the fleet knows? Asked of the policies themselves, not of what is cached. */
  takes(now: Millis): boolean {
    return this.health.healthy(now) && this.breaker.admits(now);
  }
}

export class Members {
  readonly all: Member[] = [];
  readonly candidates = new CandidateSet();
  /** Ready and healthy, whatever their circuit. */
  healthyCount = 0;
  readyCount = 0;
  startingCount = 0;
  readonly #options: FleetOptions;
  readonly #timers: Timers;
  readonly #out: Intentions;

  constructor(options: FleetOptions, timers: Timers, out: Intentions) {
    this.#options = options;
    this.#timers = timers;
    this.#out = out;
  }

  /** Servers that are meant to be there: ready or starting. */
  get wanted(): number {
    return this.readyCount + this.startingCount;
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
    if (member.phase === 'starting' && member.health.healthy(now)) this.#ready(now, member);
    else this.refresh(now, member);
    const { every, timeout } = member.health;
    const took = now - member.probedAt;
    // Longer than its timeout no check takes: the world slept, and the beats it missed are not made up for.
    const beats = took > timeout ? Math.ceil(took / every) : 1;
    const next = Math.max(member.probedAt + beats * every, now);
    this.#timers.schedule(next, TIMER.probe, member.id);
  }

  /** A call goes to it. */
  sent(now: Millis, member: Member): Permit {
    const permit = member.breaker.sent(now);
    member.inFlight++;
    this.#options.balancer.sent(now, member.id);
    this.refresh(now, member);
    return permit;
  }

  /** That call ended. */
  settled(now: Millis, member: Member, permit: Permit, outcome: Outcome, tookMs: Millis): void {
    member.inFlight--;
    invariant(member.inFlight >= 0, 'fleet: more calls settled than sent');
    this.#options.balancer.settled(now, member.id, outcome, tookMs);
    member.health.settled(now, outcome);
    member.breaker.settled(now, permit, outcome, tookMs);
    this.refresh(now, member);
    if (member.phase === 'draining') this.#stopWhenIdle(now, member);
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
    this.refresh(now, member);
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
    const healthy = member.health.healthy(now);
    if (healthy !== member.healthy) this.#healthChanged(now, member, healthy);
    const state = member.breaker.state(now);
    if (state !== member.breakerState) this.#breakerChanged(now, member, state);
    const eligible = member.phase === 'ready' && healthy && member.breaker.admits(now);
    if (eligible !== member.eligible) this.#setEligible(now, member, eligible);
    const wakeAt = Math.min(member.breaker.wakeAt(now), member.health.wakeAt(now));
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

  /** Invariant: the candidates are exactly the servers that are ready, healthy and admitted. */
  audit(now: Millis): void {
    let eligible = 0;
    for (const member of this.all) {
      const should = member.phase === 'ready' && member.takes(now);
      invariant(
        should === this.candidates.has(member.id),
        `fleet: ${serverName(member.id)} is ${should ? 'eligible but no candidate' : 'a candidate but not eligible'}`,
      );
      if (should) eligible++;
    }
    invariant(eligible === this.candidates.size, 'fleet: the candidate set has strangers in it');
  }

  #add(weight: number): Member {
    const id = this.all.length;
    const member = new Member(id, weight, this.#options.health(id), this.#options.breaker(id));
    this.all.push(member);
    return member;
  }

  #ready(now: Millis, member: Member): void {
    this.startingCount--;
    this.#makeReady(now, member);
    this.#note(now, 'server', member, 'is ready', member.health.because(now), 'healthy');
  }

  #makeReady(now: Millis, member: Member): void {
    member.phase = 'ready';
    member.readyAt = now;
    this.readyCount++;
    member.healthy = member.health.healthy(now);
    if (member.healthy) this.healthyCount++;
    this.refresh(now, member);
  }

  #healthChanged(now: Millis, member: Member, healthy: boolean): void {
    member.healthy = healthy;
    if (member.phase !== 'ready') return;
    this.healthyCount += healthy ? 1 : -1;
    const text = healthy ? 'is healthy again' : 'is ejected';
    this.#note(
      now,
      'health',
      member,
      text,
      member.health.because(now),
      healthy ? 'healthy' : 'unhealthy',
    );
  }

  #breakerChanged(now: Millis, member: Member, state: BreakerState): void {
    member.breakerState = state;
    const text = state === 'closed' ? 'closed' : state === 'open' ? 'opened' : 'is half-open';
    this.#out.note({
      at: now,
      kind: 'breaker',
      server: member.id,
      text: `breaker of ${serverName(member.id)} ${text}`,
      because: state === 'half-open' ? 'its recovery time has passed' : member.breaker.because(),
      state,
    });
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
