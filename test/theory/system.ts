/**
 * A queueing system as a scenario of ours: what differs from a plain M/./1 queue is given, the rest is as plain as it
 * gets. Policies other than the balancer are off, and the network takes no time, so that nothing stands between the
 * fleet, its balancer, the servers' slots and queues, and theory.
 */
import { UNGUARDED } from '../unguarded.ts';
import type { Distribution } from '../../src/core/distributions.ts';
import type {
  Arrivals,
  Fault,
  PolicyChoice,
  Retries,
  Scenario,
  Setup,
} from '../../src/scenario/scenario.ts';
import { constant } from './laws.ts';

export interface System {
  readonly arrivals: Arrivals;
  readonly work: Distribution;
  readonly servers?: number;
  readonly slots?: number;
  /** Waiting places; without limit unless given. */
  readonly queue?: number;
  readonly patience?: Distribution;
  readonly discipline?: 'fifo' | 'processor-sharing';
  readonly balancer?: PolicyChoice;
  readonly retries?: Retries;
  readonly health?: PolicyChoice;
  readonly faults?: readonly Fault[];
  /** ms; longer than anything takes unless given. */
  readonly timeout?: Setup['traffic']['timeout'];
}

/**
 * With a deadline the world follows the last requests until it has passed, so that none is missing in a mean because it
 * took long; without one it stops soon after the last arrival. Nothing lives long enough to meet this one.
 */
const BEYOND_ALL = 1e12;

export const poisson = (rate: number): Arrivals => ({ kind: 'poisson', rate });

export const choice = (name: string, options: PolicyChoice['options'] = {}): PolicyChoice => ({
  name,
  options,
});

export const setupOf = (system: System): Setup => {
  const count = system.servers ?? 1;
  const none = choice('none');
  return {
    traffic: {
      arrivals: system.arrivals,
      era: 'modern',
      timeout: system.timeout === undefined ? BEYOND_ALL : system.timeout,
      retries: system.retries ?? { attempts: 1, backoff: constant(0) },
      sessions: null,
      keys: null,
      hedging: null,
      budget: null,
      calls: [{ name: 'call', share: 1, work: system.work, safe: true }],
    },
    servers: {
      count,
      groups: [
        {
          name: 'servers',
          count,
          speed: 1,
          weight: 1,
          slots: system.slots ?? 1,
          queue: system.queue ?? null,
          patience: system.patience ?? null,
        },
      ],
      startup: 0,
      discipline: system.discipline ?? 'fifo',
      overload: 'reject',
    },
    network: constant(0),
    faults: system.faults ?? [],
    balancer: system.balancer ?? choice('round-robin'),
    affinity: 'none',
    ...UNGUARDED,
    health: system.health ?? none,
    breaker: none,
    autoscaler: none,
    drain: 0,
    slo: [],
  };
};

/** The scenario of one contender; `warmup` and `duration` in ms. */
export const scenarioOf = (setup: Setup, warmup: number, duration: number): Scenario => ({
  name: 'theory',
  question: 'Does the simulator agree with queueing theory?',
  duration,
  warmup,
  seeds: [1],
  judge: [],
  margin: 0.05,
  base: setup,
  contenders: [{ name: 'system', changes: {}, cell: null, setup }],
  matrix: null,
});
