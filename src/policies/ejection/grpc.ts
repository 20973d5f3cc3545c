/**
 * Outlier detection as gRPC has it (proposal A50; grpc-java util/.../OutlierDetectionLoadBalancer.java): a sweep judges the
 * calls of the last interval by success rate, then by failure percentage, and stops when the ejected share has reached
 * the cap, so it may overshoot by one and a small fleet always has one to eject (Envoy's rule until 2023).
 *
 * Unlike Envoy it has no runs of failures, so nothing happens before a sweep, is strict on both thresholds, forgives at
 * every sweep that finds a server in, and holds an ejection until its time is past, not until it is reached: with 30 s
 * and sweeps every 10 s that is the fourth sweep. As in its C++ core no server is ejected twice; unlike the originals a
 * call that its caller gave up counts for nothing.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import {
  formatDuration,
  formatPercent,
  toMicros,
  zDuration,
  zShare,
  type Millis,
} from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Ejection } from './ejection.ts';
import { enforced, isBelow, saysNothing, spreadOf, zMinima } from './outliers.ts';
import { Watched } from './roster.ts';
import { Sweeping } from './sweeping.ts';

export interface GrpcOptions {
  readonly interval: Millis;
  readonly baseTime: Millis;
  readonly maxTime: Millis;
  /** Share of the ready servers, 0..1. */
  readonly maxEjected: number;
  readonly successRateServers: number;
  readonly successRateCalls: number;
  readonly stdevFactor: number;
  readonly enforceSuccessRate: number;
  /** Share of calls, 0..1. */
  readonly failurePercentage: number;
  readonly failureServers: number;
  readonly failureCalls: number;
  readonly enforceFailurePercentage: number;
}

export class GrpcEjection extends Sweeping<GrpcOptions, Watched> implements Ejection {
  constructor(options: GrpcOptions, rng: Rng) {
    super(options, rng, (id) => new Watched(id));
  }

  settled(_now: Millis, server: ServerId, outcome: Outcome): void {
    if (!saysNothing(outcome)) this.roster.get(server)?.count(GOOD.has(outcome));
  }

  probed(): void {}

  sweep(now: Millis): void {
    for (const server of this.roster.all()) server.turn();
    this.#ejectBySuccessRate(now);
    this.#ejectByFailures(now);
    for (const server of this.roster.all()) this.#takeBackOrForgive(now, server);
  }

  #ejectBySuccessRate(now: Millis): void {
    const { successRateServers, successRateCalls, stdevFactor, enforceSuccessRate } = this.options;
    const busy = this.#withCalls(successRateCalls);
    if (busy.length === 0 || busy.length < successRateServers) return;
    const rates = busy.map(({ successRate }) => successRate);
    const spread = spreadOf(rates, stdevFactor);
    for (const server of busy) {
      if (!isBelow(server.successRate, spread)) continue;
      const because = `success rate ${formatPercent(server.successRate)}, below ${formatPercent(spread.threshold)}`;
      this.#eject(now, server, enforceSuccessRate, because);
    }
  }

  #ejectByFailures(now: Millis): void {
    const { failureServers, failureCalls, failurePercentage, enforceFailurePercentage } =
      this.options;
    const busy = this.#withCalls(failureCalls);
    if (busy.length < failureServers) return;
    for (const server of busy) {
      const failures = server.failureRate;
      if (failures <= failurePercentage) continue;
      const because = `${formatPercent(failures)} failures, above ${formatPercent(failurePercentage)}`;
      this.#eject(now, server, enforceFailurePercentage, because);
    }
  }

  /** Ejected servers too, if calls sent before have ended since: they belong to the picture. */
  #withCalls(least: number): Watched[] {
    return [...this.roster.all()].filter(({ calls }) => calls > 0 && calls >= least);
  }

  #eject(now: Millis, server: Watched, share: number, because: string): void {
    const { ejected, size } = this.roster;
    const full = ejected >= this.options.maxEjected * size - 1e-9;
    if (full || server.ejectedAt !== null || !enforced(share, this.rng)) return;
    this.roster.eject(now, server, because);
    server.backoff++;
  }

  #takeBackOrForgive(now: Millis, server: Watched): void {
    if (server.ejectedAt === null) {
      server.backoff = Math.max(0, server.backoff - 1);
      return;
    }
    const { baseTime, maxTime } = this.options;
    const lasts = Math.min(baseTime * server.backoff, Math.max(baseTime, maxTime));
    if (toMicros(now - server.ejectedAt) > lasts)
      this.roster.takeBack(server, `${formatDuration(lasts)} have passed`);
  }
}

/** The tool's own refusal is an answer, and a lost session the client's trouble. */
const GOOD: ReadonlySet<Outcome> = new Set(['ok', 'tool-error', 'session-lost']);

export const grpc = policy({
  summary: 'Outliers among the success rates, and high failure rates, are out for a growing while.',
  options: z.strictObject({
    interval: zDuration({ positive: true }).prefault('10s').describe('time between sweeps'),
    baseTime: zDuration({ positive: true })
      .prefault('30s')
      .describe('how long the first ejection lasts; the k-th in short order lasts k times that'),
    maxTime: zDuration()
      .prefault('300s')
      .describe('how long an ejection lasts at most; never less than `baseTime`'),
    maxEjected: zShare()
      .prefault('10%')
      .describe('no more are ejected when this share of the ready servers is reached'),
    successRateServers: zMinima.successRateServers(),
    successRateCalls: zMinima.successRateCalls(),
    stdevFactor: zMinima.stdevFactor(),
    enforceSuccessRate: zShare()
      .prefault('100%')
      .describe('how often an outlier is ejected in fact; 0 turns the comparison off'),
    failurePercentage: zShare()
      .prefault('85%')
      .describe('a share of failed calls above this ejects a server'),
    failureServers: zMinima.failureServers(),
    failureCalls: zMinima.failureCalls(),
    enforceFailurePercentage: zShare()
      .prefault('100%')
      .describe('how often such a share ejects it in fact; 0 turns this rule off'),
  }),
  facts: {
    rule: 'Each `interval`, until ejected servers are `maxEjected` of the ready ones: a success rate below the mean by more than `stdevFactor` standard deviations, then more failures than `failurePercentage`. It lasts until min(`baseTime` x k, `maxTime`) is past and ends on a sweep; k grows by one with each ejection and shrinks by one with each sweep that finds the server in.',
    follows:
      'gRPC proposal A50 as grpc-java @a8ba94b implements it (OutlierDetectionLoadBalancer.java), both rules configured with their defaults',
    good: 'bad servers in fleets from five on; small fleets too, as one may always be out',
    bad: 'nothing before the next sweep, and nothing at all below 100 or 50 calls a server in an interval; with fewer than five servers the comparison finds no outlier whatever the rates',
    cost: 'O(1) a call, O(n) a sweep',
  },
  make: (options, rng): Ejection => new GrpcEjection(options, rng),
});
