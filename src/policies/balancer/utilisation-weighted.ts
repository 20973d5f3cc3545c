/**
 * gRPC's weighted_round_robin (proposal A58; grpc-java xds WeightedRoundRobinLoadBalancer): servers tell their load, and one
 * that does much at little utilisation gets more. weight = qps / (utilisation + errors/qps * penalty), read from the reports that ride on answers, or asked
 * for every `poll`. A weight counts once it has been known for `blackout`, until nothing was heard for `expiry`; the turns
 * (core/static-stride.ts) are made anew every `update`. Envoy's client_side_weighted_round_robin has the same weights, unclamped, and the
 * median for a server without: `unknown: median`, `clamp: false`.
 * Pathology: what is not in the reports does not exist (a slow disk, a lock); a weight is seconds old when it is used;
 * below full load the slow server's weight falls only as fast as its utilisation rises.
 */
import { z } from 'zod';
import { LoadRates } from '../../core/load-rates.ts';
import type { LoadReport } from '../../core/load-report.ts';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { StaticStride, type StrideRule } from '../../core/static-stride.ts';
import { NEVER, orNone, zDuration, zNumber, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { NOBODY, type Balancer } from './balancer.ts';

export interface UtilisationOptions extends StrideRule {
  readonly penalty: number;
  readonly blackout: Millis;
  readonly expiry: Millis;
  readonly update: Millis;
  readonly span: Millis;
  readonly poll: Millis | null;
}

class Known {
  present = true;
  /** In the turns as they are now. */
  listed = false;
  weight = 0;
  /** Since when there has been a weight without a break; NEVER: there is none. */
  since: Millis = NEVER;
  heardAt: Millis = -NEVER;
  pollAt: Millis = 0;
  readonly rates: LoadRates;

  constructor(span: Millis) {
    this.rates = new LoadRates(span);
  }
}

export class UtilisationWeighted implements Balancer {
  readonly listens: boolean;
  readonly polls: boolean;
  readonly #options: UtilisationOptions;
  readonly #rng: Rng;
  readonly #known: Known[] = [];
  /** The servers of the turns, in the order of joining, then those that joined since. */
  #servers: ServerId[] = [];
  #turns: StaticStride;
  #updateAt: Millis = -NEVER;
  /** Index of the server to be asked next. */
  #asking = 0;

  constructor(options: UtilisationOptions, rng: Rng) {
    this.#options = options;
    this.#rng = rng;
    this.#turns = new StaticStride([0], options, rng.below(2 ** 32));
    this.listens = options.poll === null;
    this.polls = options.poll !== null;
  }

  pick(now: Millis): ServerId {
    if (now >= this.#updateAt) this.#update(now);
    // Servers that have just left are stepped over; after a round of nothing else the turns are made anew.
    for (let step = this.#servers.length; step > 0; step--) {
      const server = this.#servers[this.#turns.next()]!;
      if (this.#known[server]!.present) return server;
    }
    this.#update(now);
    return this.#servers[this.#turns.next()]!;
  }

  sent(): void {}
  settled(): void {}

  joined(now: Millis, server: ServerId): void {
    let known = this.#known[server];
    if (known === undefined) {
      known = new Known(this.#options.span);
      // Servers that join together are asked in turn, not all at once.
      known.pollAt = now + this.#rng.next() * (this.#options.poll ?? 0);
      this.#known[server] = known;
    }
    known.present = true;
    if (known.listed) return;
    known.listed = true;
    this.#servers.push(server);
    this.#updateAt = -NEVER;
  }

  left(_now: Millis, server: ServerId): void {
    this.#known[server]!.present = false;
  }

  reported(now: Millis, server: ServerId, report: LoadReport): void {
    const known = this.#known[server];
    if (known === undefined) return;
    const { rates } = known;
    const heard = rates.heard(now, report);
    if (heard === 'first') known.since = NEVER;
    if (heard !== 'rates') return;
    const weight = weightOf(rates.utilisation, rates.qps, rates.eps, this.#options.penalty);
    if (weight === 0) return;
    if (known.since === NEVER) known.since = now;
    known.heardAt = now;
    known.weight = weight;
  }

  poll(now: Millis): ServerId {
    const { poll } = this.#options;
    if (poll === null) return NOBODY;
    for (let tries = this.#servers.length; tries > 0; tries--) {
      this.#asking %= this.#servers.length;
      const server = this.#servers[this.#asking]!;
      const known = this.#known[server]!;
      if (known.present && known.pollAt > now) return NOBODY;
      this.#asking++;
      if (!known.present) continue;
      known.pollAt = now + poll;
      return server;
    }
    return NOBODY;
  }

  /** New turns for who is there now, going on where the old ones were. */
  #update(now: Millis): void {
    this.#updateAt = now + this.#options.update;
    for (const server of this.#servers) {
      const known = this.#known[server]!;
      known.listed = known.present;
    }
    this.#servers = this.#servers.filter((server) => this.#known[server]!.listed);
    const weights = this.#servers.map((server) => this.#weightNow(now, this.#known[server]!));
    this.#turns = new StaticStride(weights, this.#options, this.#turns.sequence);
  }

  /** 0: unknown. */
  #weightNow(now: Millis, known: Known): number {
    const { blackout, expiry } = this.#options;
    if (now - known.heardAt >= expiry) {
      known.since = NEVER;
      return 0;
    }
    return known.since === NEVER || now - known.since < blackout ? 0 : known.weight;
  }
}

/**
 * Weight of a server that finishes `qps` calls a second at `utilisation` (0..1), `eps` of them with an error; 0 when there
 * is nothing to go by.
 */
export const weightOf = (
  utilisation: number,
  qps: number,
  eps: number,
  penalty: number,
): number => {
  if (!(utilisation > 0 && qps > 0)) return 0;
  return qps / (utilisation + (Math.max(0, eps) / qps) * penalty);
};

export const utilisationWeighted = policy({
  summary: 'Turns by what servers say they get done for their utilisation.',
  options: z.strictObject({
    unknown: z
      .enum(['mean', 'median'])
      .default('mean')
      .describe('what stands for a weight not known: gRPC takes the mean, Envoy the median'),
    clamp: z
      .boolean()
      .default(true)
      .describe('keep weights within 0.1 and 10 times their mean, as gRPC does and Envoy does not'),
    penalty: zNumber({ max: 1000 })
      .prefault(1)
      .describe('utilisation that a share of errors counts for'),
    blackout: zDuration()
      .prefault('10s')
      .describe('how long a weight must have been known before it counts'),
    expiry: zDuration({ positive: true })
      .prefault('180s')
      .describe('a weight not renewed for so long is unknown'),
    update: zDuration({ positive: true }).prefault('1s').describe('between new sets of turns'),
    span: zDuration({ positive: true })
      .prefault('5s')
      .describe('the least time that rates are measured over'),
    poll: orNone(zDuration({ positive: true }))
      .prefault('none')
      .describe('how often each server is asked; none: reports ride on answers'),
  }),
  facts: {
    rule: 'Static stride turns by weight = qps / (utilisation + errors/qps * `penalty`); while fewer than two weights are known, round robin. Weights come from reports alone, those of the scenario are not read.',
    follows:
      'gRPC weighted_round_robin (proposal A58; grpc-java 1.5x, xds WeightedRoundRobinLoadBalancer); with `median` and without `clamp` Envoy client_side_weighted_round_robin, main of 2026-07',
    good: 'servers of unlike and unknown capacity, and several balancers: each hears of the load that all of them make',
    bad: 'low load (utilisation tells little), trouble that shows in no report, sudden changes',
    cost: 'O(1) amortised (at most about 10 steps; O(n) every `update`)',
  },
  make: (options, rng) => new UtilisationWeighted(options, rng),
});
