/**
 * Envoy's outlier detection, put to `ejection: envoy` with calls really settled. Five kinds of row: success rates of
 * servers, good and bad calls of servers, servers that fail in order against the cap, a timeline of ejections of one
 * server, and the longest ejection of a server that is ejected again as soon as it is back. Rows that say nothing of
 * a cap have none.
 */
import { z } from 'zod';
import { sequential } from '../../src/core/rng.ts';
import { envoy, EnvoyEjection, type EnvoyOptions } from '../../src/policies/ejection/envoy.ts';
import { spreadOf } from '../../src/policies/ejection/outliers.ts';
import { firstBreach, isMap, sameServers, settle } from './ejected.ts';
import { ruleOf, type Rule } from './rule.ts';

const PERCENT = z.number().min(0).max(100);
const COUNT = z.int().min(0);
const COMMON = {
  maxEjectionPercent: PERCENT.default(100),
  minHosts: COUNT.default(5),
};

const SUCCESS_RATES = z.object({
  ...COMMON,
  successRates: z.array(PERCENT).min(1),
  stdevFactor: z.number(),
  requestVolume: COUNT.default(100),
  expected: z.object({ mean: z.number(), threshold: z.number(), ejected: z.array(COUNT) }),
});

/** As many calls as show a rate of one decimal exactly. */
const CALLS = 1000;

const successRates = ruleOf(SUCCESS_RATES, (row) => {
  const { mean, threshold } = spreadOf(row.successRates, row.stdevFactor);
  const ejection = make({
    stdevFactor: row.stdevFactor,
    enforceSuccessRate: 1,
    successRateServers: row.minHosts,
    successRateCalls: row.requestVolume,
    maxEjected: row.maxEjectionPercent / 100,
  });
  for (const [server, rate] of row.successRates.entries()) {
    const good = Math.round((CALLS * rate) / 100);
    ejection.joined(0, server);
    settle(ejection, server, good, CALLS - good);
  }
  ejection.sweep(ejection.every);
  return firstBreach(
    near('mean', mean, row.expected.mean),
    near('threshold', threshold, row.expected.threshold),
    sameServers(ejection, row.successRates.length, row.expected.ejected),
  );
});

const FAILURES = z.object({
  ...COMMON,
  enforce: z.boolean(),
  thresholdPercent: PERCENT,
  requestVolume: COUNT,
  perHostOk: z.array(COUNT),
  perHost5xx: z.array(COUNT),
  expected: z.object({ failurePercent: z.array(PERCENT), ejected: z.array(COUNT) }),
});

const failures = ruleOf(FAILURES, (row) => {
  const ejection = make({
    enforceFailurePercentage: row.enforce ? 1 : 0,
    failurePercentage: row.thresholdPercent / 100,
    failureServers: row.minHosts,
    failureCalls: row.requestVolume,
    maxEjected: row.maxEjectionPercent / 100,
  });
  for (const [server, good] of row.perHostOk.entries()) {
    ejection.joined(0, server);
    settle(ejection, server, good, row.perHost5xx[server]!);
  }
  ejection.sweep(ejection.every);
  const ejected = row.perHostOk.map((_, server) => server).filter((each) => ejection.ejected(each));
  const told = ejected.map((server) => {
    const [shown] = /[\d.]+/.exec(ejection.because(server)) ?? [];
    return near(
      `failures of host ${server}`,
      Number(shown),
      row.expected.failurePercent[server]!,
      0.06,
    );
  });
  return firstBreach(...told, sameServers(ejection, row.perHostOk.length, row.expected.ejected));
});

const CAP = z.object({
  hosts: COUNT,
  maxEjectionPercent: PERCENT,
  alwaysEjectOneHost: z.boolean().default(false),
  failAllInOrder: z.array(COUNT),
  expected: z.object({ ejected: z.array(COUNT) }),
});

const cap = ruleOf(CAP, (row) => {
  const ejection = make({
    enforceConsecutive5xx: 1,
    maxEjected: row.maxEjectionPercent / 100,
    smallFleet: row.alwaysEjectOneHost ? 'always-one' : 'cap',
  });
  for (let server = 0; server < row.hosts; server++) ejection.joined(0, server);
  for (const server of row.failAllInOrder) settle(ejection, server, 0, RUN);
  return sameServers(ejection, row.hosts, row.expected.ejected);
});

const TIMELINE = z.object({
  baseSec: z.number(),
  intervalSec: z.number(),
  maxSec: z.number(),
  timeline: z.array(
    z.union([
      z.object({ atSec: z.number(), event: z.literal('eject'), uneject: z.number() }),
      z.object({ atSec: z.number(), event: z.string().regex(/healthy sweep$/) }),
      z.object({ toSec: z.number(), event: z.string().regex(/healthy sweeps$/) }),
    ]),
  ),
});

const timeline = ruleOf(TIMELINE, (row) => {
  const clock = new Sweeper(row.intervalSec, row.baseSec, row.maxSec);
  for (const step of row.timeline) {
    clock.sweepTo('toSec' in step ? step.toSec : step.atSec);
    if (!('uneject' in step)) continue;
    const back = clock.ejectedUntil();
    if (back !== step.uneject)
      return `ejected at ${step.atSec} s: expected back at ${step.uneject} s, got ${back} s`;
  }
  return null;
});

const LONGEST = z.object({
  baseSec: z.number(),
  intervalSec: z.number(),
  maxSec: z.number(),
  expectedLongestSec: z.number(),
});

const longest = ruleOf(LONGEST, (row) => {
  const clock = new Sweeper(row.intervalSec, row.baseSec, row.maxSec);
  let got = 0;
  for (let ejection = 0; ejection < row.maxSec / row.baseSec + 5; ejection++) {
    const from = clock.nowSec;
    got = Math.max(got, clock.ejectedUntil() - from);
  }
  return near('longest ejection', got, row.expectedLongestSec);
});

/** One server, and sweeps at every interval. */
class Sweeper {
  readonly #ejection: EnvoyEjection;
  readonly #intervalSec: number;
  nowSec = 0;

  constructor(intervalSec: number, baseSec: number, maxSec: number) {
    this.#intervalSec = intervalSec;
    this.#ejection = make({
      interval: intervalSec * 1000,
      baseTime: baseSec * 1000,
      maxTime: maxSec * 1000,
      enforceConsecutive5xx: 1,
      maxEjected: 1,
    });
    this.#ejection.joined(0, 0);
  }

  sweepTo(sec: number): void {
    while (this.nowSec + this.#intervalSec <= sec) this.#sweep();
  }

  /** Fails the server, and sweeps until it is back. */
  ejectedUntil(): number {
    settle(this.#ejection, 0, 0, RUN, this.nowSec * 1000);
    if (!this.#ejection.ejected(0)) throw new Error('five failures in a row did not eject');
    while (this.#ejection.ejected(0)) this.#sweep();
    return this.nowSec;
  }

  #sweep(): void {
    this.nowSec += this.#intervalSec;
    this.#ejection.sweep(this.nowSec * 1000);
  }
}

/** The defaults, but no rule enforced that is not told to be. */
const make = (change: Partial<EnvoyOptions>): EnvoyEjection => {
  const preset = envoy.options.parse({}) as unknown as EnvoyOptions;
  const none = { enforceConsecutive5xx: 0, enforceSuccessRate: 0, enforceFailurePercentage: 0 };
  return new EnvoyEjection({ ...preset, ...none, ...change }, sequential(1, 'conformance'));
};

const RUN = 5;

const near = (what: string, got: number, expected: number, tolerance = 1e-3): string | null =>
  Math.abs(got - expected) <= tolerance ? null : `${what}: expected ${expected}, got ${got}`;

const ruleFor = (row: unknown): Rule | undefined => {
  if (!isMap(row)) return undefined;
  if ('successRates' in row) return successRates;
  if ('perHost5xx' in row) return failures;
  if ('failAllInOrder' in row) return cap;
  if ('timeline' in row) return timeline;
  return 'expectedLongestSec' in row ? longest : undefined;
};

export const outlierEnvoy: Rule = {
  covers: (row) => ruleFor(row) !== undefined,
  breach: (row) => ruleFor(row)!.breach(row),
};
