/**
 * Carries out what the autoscaler decides. It gathers the load since the last decision, has servers asked for theirs,
 * starts servers, and picks the victims of a scale-in: those still starting first, then by rule the newest, the oldest,
 * the idlest, or those with the fewest sessions.
 */
import { isCompleted, isFailure, type Outcome } from '../core/outcome.ts';
import type { LoadReport } from '../core/load-report.ts';
import type { ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Autoscaler, ServerLoad } from '../policies/autoscaler/autoscaler.ts';
import { VICTIM_RANKS } from '../policies/guards/victims.ts';
import type { Intentions } from './intentions.ts';
import { LoadSamples } from './load-samples.ts';
import type { Member } from './member.ts';
import type { Members } from './members.ts';
import type { FleetOptions } from './options.ts';

export class Scaling {
  readonly #autoscaler: Autoscaler;
  readonly #victims: FleetOptions['victims'];
  readonly #members: Members;
  readonly #out: Intentions;
  readonly #samples = new LoadSamples();
  #lastAt: Millis = 0;
  #arrived = 0;
  #settled = 0;
  #failed = 0;
  #completed = 0;
  #latencyMs = 0;
  /** Requests present now, and integrated over time since the last decision. */
  #present = 0;
  #presentAt: Millis = 0;
  #presentMs = 0;

  constructor(
    autoscaler: Autoscaler,
    victims: FleetOptions['victims'],
    members: Members,
    out: Intentions,
  ) {
    this.#autoscaler = autoscaler;
    this.#victims = victims;
    this.#members = members;
    this.#out = out;
  }

  get every(): Millis {
    return this.#autoscaler.every;
  }

  get scrape(): Millis {
    return this.#autoscaler.scrape;
  }

  arrived(now: Millis): void {
    this.#arrived++;
    this.#integrate(now);
    this.#present++;
  }

  settled(now: Millis, outcome: Outcome, latencyMs: Millis): void {
    this.#integrate(now);
    this.#present--;
    this.#settled++;
    if (isCompleted(outcome)) {
      this.#completed++;
      this.#latencyMs += latencyMs;
    } else if (isFailure(outcome)) this.#failed++;
  }

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    this.#samples.reported(now, server, report);
  }

  /** The time to scrape has come: every server that is up is asked for its load. */
  scrapes(now: Millis): void {
    for (const member of this.#members.all) {
      if (member.phase !== 'ready') continue;
      this.#samples.of(member.id).awaited = true;
      this.#out.ask(now, member.id);
    }
  }

  /** `waiting`: requests that wait at the balancer. */
  decide(now: Millis, waiting: number): void {
    const wanted = this.#members.wanted;
    this.#integrate(now);
    const elapsed = now - this.#lastAt;
    const { desired, because } = this.#autoscaler.decide(now, {
      servers: wanted,
      ready: this.#members.eligibility.readyCount,
      latencyMsMean: this.#completed === 0 ? null : this.#latencyMs / this.#completed,
      requestsPerSecond: (this.#arrived * 1000) / Math.max(elapsed, 1),
      errorRate: this.#settled === 0 ? 0 : this.#failed / this.#settled,
      concurrencyMean: elapsed > 0 ? this.#presentMs / elapsed : this.#present,
      waiting,
      ...this.#totals(),
      members: this.#loads(),
    });
    this.#lastAt = now;
    this.#arrived = this.#settled = this.#failed = this.#completed = 0;
    this.#latencyMs = this.#presentMs = 0;
    if (desired === wanted) return;
    this.#out.note({
      at: now,
      kind: 'scaling',
      server: null,
      text: `scaled ${wanted} -> ${desired}`,
      scaled: { from: wanted, to: desired },
      because,
      state: null,
    });
    if (desired > wanted) for (let k = wanted; k < desired; k++) this.#members.start(now, because);
    else this.#shrink(now, wanted - desired, because);
  }

  #integrate(now: Millis): void {
    this.#presentMs += this.#present * (now - this.#presentAt);
    this.#presentAt = now;
  }

  /** Totals over the servers there are; once a decision, so a walk is affordable. */
  #totals(): { active: number; queued: number | null } {
    let active = 0;
    let queued: number | null = null;
    for (const member of this.#members.all) {
      if (member.phase === 'gone') continue;
      active += member.inFlight;
      const reported = this.#samples.of(member.id).queued;
      if (reported >= 0) queued = (queued ?? 0) + reported;
    }
    return { active, queued };
  }

  #loads(): ServerLoad[] {
    const loads: ServerLoad[] = [];
    for (const member of this.#members.all) {
      if (member.phase === 'starting' || member.phase === 'ready')
        loads.push(this.#load(member, member.phase));
    }
    return loads;
  }

  #load(member: Member, phase: ServerLoad['phase']): ServerLoad {
    const { id, startedAt, readyAt, inFlight } = member;
    const { report, reportedAt, previous, previousAt } = this.#samples.of(id);
    return {
      id,
      phase,
      healthy: phase === 'ready' && member.healthy,
      startedAt,
      readyAt,
      inFlight,
      report: reportedAt === -Infinity ? null : report,
      reportedAt,
      previous: previousAt === -Infinity ? null : previous,
      previousAt,
    };
  }

  #shrink(now: Millis, surplus: number, because: string): void {
    const rank = VICTIM_RANKS[this.#victims];
    const victims = this.#members.all
      .filter(({ phase }) => phase === 'starting' || phase === 'ready')
      .sort(
        (a, b) =>
          Number(a.phase === 'ready') - Number(b.phase === 'ready') ||
          rank(a) - rank(b) ||
          b.id - a.id,
      );
    for (const victim of victims.slice(0, surplus)) this.#members.drain(now, victim, because);
  }
}
