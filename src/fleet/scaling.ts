/**
 * Carries out what the autoscaler decides. It gathers the load since the last decision, starts servers, and picks the
 * victims of a scale-in: those still starting first, then the newest.
 */
import { isCompleted, type Outcome } from '../core/outcome.ts';
import type { Millis } from '../core/units.ts';
import type { Autoscaler } from '../policies/autoscaler/autoscaler.ts';
import type { Report } from './facts.ts';
import type { Intentions } from './intentions.ts';
import type { Members } from './members.ts';

export class Scaling {
  readonly #autoscaler: Autoscaler;
  readonly #members: Members;
  readonly #out: Intentions;
  /** Last report of each server, by id. */
  readonly #queued: number[] = [];
  #lastAt: Millis = 0;
  #arrived = 0;
  #settled = 0;
  #failed = 0;
  #completed = 0;
  #latencyMs = 0;

  constructor(autoscaler: Autoscaler, members: Members, out: Intentions) {
    this.#autoscaler = autoscaler;
    this.#members = members;
    this.#out = out;
  }

  get every(): Millis {
    return this.#autoscaler.every;
  }

  arrived(): void {
    this.#arrived++;
  }

  settled(outcome: Outcome, latencyMs: Millis): void {
    this.#settled++;
    if (isCompleted(outcome)) {
      this.#completed++;
      this.#latencyMs += latencyMs;
    } else if (outcome !== 'cancelled') this.#failed++;
  }

  reported(server: number, report: Report): void {
    while (this.#queued.length <= server) this.#queued.push(-1);
    this.#queued[server] = report.queued;
  }

  decide(now: Millis): void {
    const wanted = this.#members.wanted;
    const { desired, because } = this.#autoscaler.decide(now, {
      servers: wanted,
      ready: this.#members.readyCount,
      latencyMsMean: this.#completed === 0 ? null : this.#latencyMs / this.#completed,
      requestsPerSecond: (this.#arrived * 1000) / Math.max(now - this.#lastAt, 1),
      errorRate: this.#settled === 0 ? 0 : this.#failed / this.#settled,
      ...this.#present(),
    });
    this.#lastAt = now;
    this.#arrived = this.#settled = this.#failed = this.#completed = this.#latencyMs = 0;
    if (desired === wanted) return;
    this.#out.note({
      at: now,
      kind: 'scaling',
      server: null,
      text: `scaled ${wanted} -> ${desired}`,
      because,
      state: null,
    });
    if (desired > wanted) for (let k = wanted; k < desired; k++) this.#members.start(now, because);
    else this.#shrink(now, wanted - desired, because);
  }

  /** Totals over the servers there are; once a decision, so a walk is affordable. */
  #present(): { active: number; queued: number | null } {
    let active = 0;
    let queued: number | null = null;
    for (const member of this.#members.all) {
      if (member.phase === 'gone') continue;
      active += member.inFlight;
      const reported = this.#queued[member.id] ?? -1;
      if (reported >= 0) queued = (queued ?? 0) + reported;
    }
    return { active, queued };
  }

  #shrink(now: Millis, surplus: number, because: string): void {
    const members = this.#members.all;
    for (const phase of ['starting', 'ready'] as const) {
      for (let id = members.length - 1; id >= 0 && surplus > 0; id--) {
        if (members[id]!.phase !== phase) continue;
        this.#members.drain(now, members[id]!, because);
        surplus--;
      }
    }
  }
}
