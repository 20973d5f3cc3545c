/**
 * Outlier detection as Envoy has it (source/common/upstream/outlier_detection_impl.cc, main of 2026-07): runs of 5xx and of
 * gateway failures are judged at once, success rates and failure percentages at each sweep. An ejection lasts `baseTime`
 * times a factor that grows by one with each ejection and shrinks by one with each healthy sweep, and ends on a sweep.
 *
 * Its pathologies: the cap of 10 % lets nothing out of a fleet of 9 or fewer (`smallFleet`); a good active check takes a
 * server back at once, so a grey failure that answers /health returns with every check (`takeBackOnCheck`). Mended: a
 * server that both sweep rules find is ejected once (there it is counted twice). Errors of origin are not split.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import {
  formatDuration,
  formatPercent,
  toMicros,
  zCount,
  zDuration,
  zShare,
  type Millis,
} from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Ejection } from './ejection.ts';
import { enforced, isBelow, saysNothing, spreadOf, zMinima } from './outliers.ts';
import { Watched } from './roster.ts';
import { Sweeping } from './sweeping.ts';

const SMALL_FLEETS = ['cap', 'one', 'always-one'] as const;
type SmallFleet = (typeof SMALL_FLEETS)[number];

export interface EnvoyOptions {
  readonly interval: Millis;
  readonly consecutive5xx: number;
  readonly enforceConsecutive5xx: number;
  readonly consecutiveGateway: number;
  readonly enforceConsecutiveGateway: number;
  readonly successRateServers: number;
  readonly successRateCalls: number;
  readonly stdevFactor: number;
  readonly enforceSuccessRate: number;
  /** Share of calls, 0..1. */
  readonly failurePercentage: number;
  readonly failureServers: number;
  readonly failureCalls: number;
  readonly enforceFailurePercentage: number;
  readonly baseTime: Millis;
  readonly maxTime: Millis;
  readonly jitter: Millis;
  /** Share of the ready servers, 0..1. */
  readonly maxEjected: number;
  readonly smallFleet: SmallFleet;
  readonly takeBackOnCheck: boolean;
}

class Host extends Watched {
  /** Failures of any kind, and of the gateway kind, in a row. */
  fails = 0;
  gatewayFails = 0;
  /** Added to this ejection, so that not all come back at once. */
  jitter: Millis = 0;
  takenBackAt: Millis | null = null;
}

export class EnvoyEjection extends Sweeping<EnvoyOptions, Host> implements Ejection {
  constructor(options: EnvoyOptions, rng: Rng) {
    super(options, rng, (id) => new Host(id));
  }

  settled(now: Millis, server: ServerId, outcome: Outcome): void {
    const host = this.roster.get(server);
    if (host === undefined || saysNothing(outcome)) return;
    const gateway = GATEWAY_FAILURES.has(outcome);
    const failed = gateway || outcome === 'http-5xx';
    host.count(!failed);
    if (!gateway) host.gatewayFails = 0;
    if (!failed) host.fails = 0;
    if (gateway) this.#gatewayFailed(now, host, outcome);
    if (failed) this.#failed(now, host, outcome);
  }

  probed(now: Millis, server: ServerId, ok: boolean): void {
    const host = this.roster.get(server);
    if (!ok || !this.options.takeBackOnCheck || host === undefined || host.ejectedAt === null)
      return;
    this.#takeBack(now, host, 'a good check');
  }

  sweep(now: Millis): void {
    for (const host of this.roster.all()) {
      this.#takeBackIfDue(now, host);
      host.turn();
    }
    const judged = [...this.roster.all()].filter(
      ({ ejectedAt, calls }) => ejectedAt === null && calls > 0,
    );
    this.#ejectBySuccessRate(now, judged);
    this.#ejectByFailures(now, judged);
    for (const host of this.roster.all()) this.#forgive(now, host);
  }

  #gatewayFailed(now: Millis, host: Host, outcome: Outcome): void {
    const { consecutiveGateway, enforceConsecutiveGateway } = this.options;
    if (++host.gatewayFails !== consecutiveGateway) return;
    const because = `${inARow('gateway failure', consecutiveGateway)}, the last: ${outcome}`;
    this.#eject(now, host, enforceConsecutiveGateway, because);
    host.gatewayFails = 0;
  }

  #failed(now: Millis, host: Host, outcome: Outcome): void {
    const { consecutive5xx, enforceConsecutive5xx } = this.options;
    if (++host.fails !== consecutive5xx) return;
    const because = `${inARow('failure', consecutive5xx)}, the last: ${outcome}`;
    this.#eject(now, host, enforceConsecutive5xx, because);
    host.fails = 0;
  }

  #ejectBySuccessRate(now: Millis, judged: readonly Host[]): void {
    const { successRateServers, successRateCalls, stdevFactor, enforceSuccessRate } = this.options;
    const busy = judged.filter(({ calls }) => calls >= successRateCalls);
    if (busy.length === 0 || busy.length < successRateServers) return;
    const rates = busy.map(({ successRate }) => successRate);
    const spread = spreadOf(rates, stdevFactor);
    for (const host of busy) {
      if (!isBelow(host.successRate, spread)) continue;
      const because = `success rate ${formatPercent(host.successRate)}, below ${formatPercent(spread.threshold)}`;
      this.#eject(now, host, enforceSuccessRate, because);
    }
  }

  #ejectByFailures(now: Millis, judged: readonly Host[]): void {
    const { failureServers, failureCalls, failurePercentage, enforceFailurePercentage } =
      this.options;
    const busy = judged.filter(({ calls }) => calls >= failureCalls);
    if (busy.length < failureServers) return;
    for (const host of busy) {
      const failures = host.failureRate;
      if (failures < failurePercentage) continue;
      const because = `${formatPercent(failures)} failures, at least ${formatPercent(failurePercentage)}`;
      this.#eject(now, host, enforceFailurePercentage, because);
    }
  }

  #eject(now: Millis, host: Host, share: number, because: string): void {
    if (host.ejectedAt !== null || !this.#hasRoom() || !enforced(share, this.rng)) return;
    const { baseTime, jitter } = this.options;
    this.roster.eject(now, host, because);
    host.jitter = jitter === 0 ? 0 : toMicros(this.rng.next() * jitter);
    if (host.backoff * baseTime < this.#longest() + baseTime) host.backoff++;
  }

  /** May one more be ejected? */
  #hasRoom(): boolean {
    const { maxEjected, smallFleet } = this.options;
    const { size, ejected } = this.roster;
    // The grain keeps 29 % of 100 servers at 29 of them.
    if (ejected + 1 <= maxEjected * size + 1e-9) return true;
    if (ejected > 0 || smallFleet === 'cap') return false;
    return smallFleet === 'always-one' || size >= SMALLEST_WITH_A_SPARE;
  }

  #takeBackIfDue(now: Millis, host: Host): void {
    if (host.ejectedAt === null) return;
    const lasts = Math.min(this.options.baseTime * host.backoff, this.#longest()) + host.jitter;
    if (lasts > toMicros(now - host.ejectedAt)) return;
    this.#takeBack(now, host, `${formatDuration(lasts)} have passed`);
  }

  #takeBack(now: Millis, host: Host, because: string): void {
    this.roster.takeBack(host, because);
    host.fails = 0;
    host.gatewayFails = 0;
    host.takenBackAt = now;
  }

  #forgive(now: Millis, host: Host): void {
    if (host.ejectedAt !== null || host.takenBackAt === null || host.backoff === 0) return;
    if (toMicros(now - host.takenBackAt) >= this.every) host.backoff--;
  }

  #longest(): Millis {
    return Math.max(this.options.maxTime, this.options.baseTime);
  }
}

/** Of two servers the one that stays would carry twice its load; of three, one and a half. */
const SMALLEST_WITH_A_SPARE = 3;

/** What a proxy would answer with 502, 503 or 504. A 404 and a 429 are no failures of the server to Envoy. */
const GATEWAY_FAILURES: ReadonlySet<Outcome> = new Set([
  'timeout',
  'refused',
  'reset',
  'overloaded',
]);

const inARow = (what: string, count: number): string =>
  count === 1 ? `a ${what}` : `${count} ${what}s in a row`;

export const envoy = policy({
  summary: 'Runs of failures, and outliers among the success rates, are out for a growing while.',
  options: z.strictObject({
    interval: zDuration({ positive: true }).prefault('10s').describe('time between sweeps'),
    consecutive5xx: zCount({ min: 1 })
      .prefault(5)
      .describe('failures of any kind in a row that eject a server'),
    enforceConsecutive5xx: zShare()
      .prefault('100%')
      .describe('how often such a run ejects it in fact'),
    consecutiveGateway: zCount({ min: 1 })
      .prefault(5)
      .describe('gateway failures (timeout, refused, reset, 503) in a row that eject a server'),
    enforceConsecutiveGateway: zShare()
      .prefault(0)
      .describe('how often such a run ejects it in fact'),
    successRateServers: zMinima.successRateServers(),
    successRateCalls: zMinima.successRateCalls(),
    stdevFactor: zMinima.stdevFactor(),
    enforceSuccessRate: zShare()
      .prefault('100%')
      .describe('how often an outlier is ejected in fact'),
    failurePercentage: zShare()
      .prefault('85%')
      .describe('share of failed calls that ejects a server'),
    failureServers: zMinima.failureServers(),
    failureCalls: zMinima.failureCalls(),
    enforceFailurePercentage: zShare()
      .prefault(0)
      .describe('how often such a share ejects it in fact'),
    baseTime: zDuration({ positive: true })
      .prefault('30s')
      .describe('how long the first ejection lasts; the k-th in short order lasts k times that'),
    maxTime: zDuration()
      .prefault('300s')
      .describe('how long an ejection lasts at most; never less than `baseTime`'),
    jitter: zDuration().prefault(0).describe('up to so much is added to an ejection by chance'),
    maxEjected: zShare()
      .prefault('10%')
      .describe('share of the ready servers that may be ejected at a time'),
    smallFleet: z
      .enum(SMALL_FLEETS)
      .default('cap')
      .describe(
        'when `maxEjected` is less than one server: cap (none), one (one, if two others stay), always-one (one, even the only one)',
      ),
    takeBackOnCheck: z
      .boolean()
      .default(true)
      .describe('a good active check ends an ejection early'),
  }),
  facts: {
    rule: 'At once: `consecutive5xx` failures in a row. Each `interval`: a success rate below the mean by more than `stdevFactor` standard deviations, or failures of `failurePercentage` and more. Ejected only while ejected + 1 is at most `maxEjected` of the ready servers. It lasts min(`baseTime` x k, `maxTime`) + `jitter` and ends on a sweep; k grows by one with each ejection and shrinks by one with each healthy sweep.',
    follows:
      "Envoy's outlier detection, main of July 2026, without its split of local errors; `smallFleet: always-one` is its always_eject_one_host, its default before 2023",
    good: 'one bad server among many like ones, above all a grey failure that active checks miss',
    bad: 'small fleets: 10 % of 9 servers is no server, so nothing is ever ejected unless `smallFleet` says so (`one` leaves the others at most half as much load again); several bad servers hide each other; a good active check takes a server back at once',
    cost: 'O(1) a call, O(n) a sweep',
  },
  make: (options, rng): Ejection => new EnvoyEjection(options, rng),
});
