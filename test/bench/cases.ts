/** What is measured: the full stack (balancer, health, breaker, deadlines, histogram, series, invariants, 1 ms network). */
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { UNGUARDED } from '../unguarded.ts';
import { run } from '../../src/run.ts';
import type { Scenario, ServerGroup, Setup } from '../../src/scenario/scenario.ts';
import { SimWorld } from '../../src/sim/sim-world.ts';

export interface Case {
  readonly servers: number;
  readonly balancer: string;
  /** Arrivals a second. */
  readonly rate: number;
  readonly requests: number;
  /** Deadline of a call, ms. */
  readonly timeout: number | null;
  /** Each server has a weight of its own, and the speed that goes with it; else all are alike. */
  readonly unlike: boolean;
}

const SLOTS = 8;
const WORK_MS = 10;

/** Arrivals a second that keep `servers` busy to `utilisation`. */
export const rateFor = (servers: number, utilisation: number): number =>
  (servers * SLOTS * utilisation * 1000) / WORK_MS;

/** Runs one case; returns how many requests were simulated. */
export const simulate = (test: Case): number => {
  const record = run(
    { scenario: scenarioOf(test), inputs: {}, contender: 0, seed: 1, independent: false },
    (options) => new SimWorld(options),
  );
  return record.metrics.arrived!;
};

const group = (count: number, weight: number): ServerGroup => ({
  name: 'servers',
  count,
  speed: weight,
  weight,
  slots: SLOTS,
  queue: null,
  patience: null,
});

const scenarioOf = ({ servers, balancer, rate, requests, timeout, unlike }: Case): Scenario => {
  const options = BALANCERS[balancer]!.options.parse({});
  const setup: Setup = {
    traffic: {
      arrivals: { kind: 'poisson', rate },
      era: 'modern',
      timeout,
      retries: { attempts: 1, backoff: { kind: 'constant', value: 0 } },
      sessions: null,
      // What hashing goes by; nobody else needs it.
      keys: 'by' in options ? { count: 10_000, skew: 0 } : null,
      hedging: null,
      budget: null,
      calls: [{ name: 'call', share: 1, work: { kind: 'exponential', mean: WORK_MS }, safe: true }],
    },
    servers: {
      count: servers,
      groups: unlike
        ? Array.from({ length: servers }, (_, k) => group(1, 0.5 + (k + 0.5) / servers))
        : [group(servers, 1)],
      startup: 0,
      discipline: 'fifo',
      overload: 'reject',
    },
    network: { kind: 'constant', value: 1 },
    faults: [],
    balancer: { name: balancer, options },
    affinity: 'none',
    ...UNGUARDED,
    health: {
      name: 'active',
      options: { interval: 10_000, timeout: 5000, unhealthy: 3, healthy: 2 },
    },
    breaker: {
      name: 'counter',
      options: {
        failures: 5,
        recovery: 30_000,
        halfOpenCalls: 3,
        window: 60_000,
        counts: ['transport', '5xx', 'overloaded'],
      },
    },
    autoscaler: { name: 'none', options: {} },
    drain: 30_000,
    slo: [],
  };
  return {
    name: 'bench',
    question: 'How fast?',
    duration: (requests / rate) * 1000,
    warmup: 0,
    seeds: [1],
    judge: ['errorRate'],
    margin: 0.05,
    base: setup,
    contenders: [{ name: 'baseline', changes: {}, cell: null, setup }],
    matrix: null,
  };
};
