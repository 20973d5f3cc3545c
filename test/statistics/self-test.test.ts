/**
 * Does the judge judge rightly? Two identical contenders must not differ, an interval that says 95 % must hold the truth
 * about as often, and a difference that exists must be found. Seeds are fixed, so a verdict here is the same for ever.
 */
import { describe, expect, test } from 'vitest';
import { EVERY_POLICY } from '../metamorphic/every-policy.ts';
import { balancer, breaker, fault, health, tool, type Lab } from '../sim/lab.ts';
import { experiment, tenSeeds } from './experiment.ts';

const exponential = (mean: number) => ({ kind: 'exponential', mean }) as const;

/** ms; about 8 s of one processor, on a machine that does other things as well. */
const PATIENCE = 180_000;

/** Everything that draws: work, network, errors, backoff, health checks, two choices. */
const BUSY: Lab = {
  arrivals: { kind: 'poisson', rate: 150 },
  duration: 22_000,
  warmup: 2000,
  traffic: {
    timeout: 400,
    retries: { attempts: 2, backoff: exponential(20) },
    calls: [tool(exponential(80))],
  },
  servers: { count: 4 },
  server: { slots: 4, queue: 16 },
  setup: {
    network: exponential(2),
    balancer: balancer('p2c'),
    health: health({ interval: '1s' }),
    breaker: breaker({ recovery: '3s' }),
    faults: [fault({ kind: 'errors', share: 0.3 }, 5000, 15_000, [0, 1])],
  },
};

describe('two identical contenders', () => {
  const results = experiment([BUSY, BUSY], { seeds: tenSeeds(0) });
  const [first, second] = results.contenders;

  test('have the same figures in every run, to the last digit', () => {
    expect(first!.runs[0]!.metrics.failed).toBeGreaterThan(0);
    expect(first!.runs[0]!.metrics).not.toEqual(first!.runs[1]!.metrics);
    expect(second!.runs).toEqual(first!.runs);
  });

  test('are equivalent in every comparison, with a difference of exactly zero', () => {
    const rows = results.comparisons;
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ verdict }) => verdict !== 'equivalent')).toEqual([]);
    for (const { difference } of rows) expect(difference).toEqual({ mean: 0, low: 0, high: 0 });
  });
});

describe('two identical contenders under any policy', () => {
  // The second one runs after the first: whatever a policy kept from one run to the next would set them apart.
  test.each(EVERY_POLICY.map(({ family, name, lab }) => [`${family} ${name}`, lab] as const))(
    '%s: equivalent, with a difference of exactly zero',
    (_, lab) => {
      const short = { ...lab, duration: 4 * 60_000 };
      const { contenders, comparisons } = experiment([short, short], { seeds: [1, 2] });
      expect(contenders[1]!.runs).toEqual(contenders[0]!.runs);
      expect(comparisons.length).toBeGreaterThan(10);
      for (const { verdict, difference } of comparisons)
        expect({ verdict, mean: difference.mean }).toEqual({ verdict: 'equivalent', mean: 0 });
    },
  );
});

describe('two identical contenders, each with demand of its own', () => {
  /** Small and with failures, so that both judged metrics have something to be wrong about. */
  const small: Lab = {
    arrivals: { kind: 'poisson', rate: 100 },
    duration: 2500,
    warmup: 500,
    traffic: { calls: [tool(exponential(100))] },
    servers: { count: 2 },
    server: { slots: 8, queue: 2 },
    setup: { balancer: balancer('random') },
  };
  const GROUPS = 200;

  /** Groups of ten seeds in which a judged metric found a winner; no margin hides a small difference. */
  const falseWinners = (): number => {
    let found = 0;
    for (let group = 0; group < GROUPS; group++) {
      const conditions = { seeds: tenSeeds(group), independent: true, change: { margin: 0 } };
      const { comparisons } = experiment([small, small], conditions);
      const judged = comparisons.filter((row) => row.judged);
      expect(judged).toHaveLength(2);
      if (judged.some(({ verdict }) => verdict === 'better' || verdict === 'worse')) found++;
    }
    return found;
  };

  test(
    'find a false winner in at most 10 % of 200 trials, and are not blind either',
    () => {
      const found = falseWinners();
      expect(found).toBeLessThanOrEqual(0.1 * GROUPS);
      expect(found).toBeGreaterThan(0);
    },
    PATIENCE,
  );
});

describe('the interval of ten replications', () => {
  /** One server, one slot, no network: an M/M/1 queue, whose mean sojourn is 1 / (mu - lambda). */
  const mm1: Lab = {
    arrivals: { kind: 'poisson', rate: 50 },
    duration: 9000,
    warmup: 1000,
    traffic: { calls: [tool(exponential(10))] },
  };
  const SOJOURN_MS = 1000 / (100 - 50);
  const TRIALS = 200;

  test(
    "holds the M/M/1 queue's true mean sojourn in 90 % to 99 % of 200 trials",
    () => {
      let holding = 0;
      for (let trial = 0; trial < TRIALS; trial++) {
        const { contenders } = experiment([mm1], { seeds: tenSeeds(trial) });
        const { low, high } = contenders[0]!.metrics.latencyMsMean!;
        if (low! <= SOJOURN_MS && SOJOURN_MS <= high!) holding++;
      }
      expect(holding / TRIALS).toBeGreaterThanOrEqual(0.9);
      expect(holding / TRIALS).toBeLessThanOrEqual(0.99);
    },
    PATIENCE,
  );
});

describe('a difference that exists', () => {
  const fleet = (name: string): Lab => ({
    arrivals: { kind: 'poisson', rate: 350 },
    duration: 33_000,
    warmup: 3000,
    traffic: { calls: [tool(exponential(20))] },
    servers: { count: 10 },
    setup: { balancer: balancer(name) },
  });
  const results = experiment([fleet('random'), fleet('p2c')], { seeds: tenSeeds(0) });
  const row = results.comparisons.find(({ metric }) => metric === 'latencyMsP99')!;

  test('is found with ten seeds: two choices beat random on p99', () => {
    expect(row).toMatchObject({ judged: true, verdict: 'better' });
    expect(row.relative!.high).toBeLessThan(-0.2);
  });

  test('turns its verdict round with its sides', () => {
    const turned = experiment([fleet('p2c'), fleet('random')], { seeds: tenSeeds(0) });
    const back = turned.comparisons.find(({ metric }) => metric === 'latencyMsP99')!;
    expect(back.verdict).toBe('worse');
    expect(back.difference.mean).toBeCloseTo(-row.difference.mean, 3);
  });

  test('is a sure one only with ten runs: five leave it undecided', () => {
    const few = experiment([fleet('random'), fleet('p2c')], { seeds: [1, 2, 3, 4, 5] });
    expect(few.comparisons.map(({ verdict }) => verdict)).not.toContain('better');
  });
});
