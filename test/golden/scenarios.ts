/**
 * Three runs that between them pass through most of the engine: a fleet that fails and retries, legacy sessions under an
 * autoscaler, and processor sharing under every other fault.
 */
import {
  autoscaler,
  balancer,
  breaker,
  constant,
  fault,
  health,
  tool,
  type Lab,
} from '../sim/lab.ts';

const lognormal = (mean: number) => ({ kind: 'lognormal', mean, cv: 1 }) as const;
const exponential = (mean: number) => ({ kind: 'exponential', mean }) as const;

const flaky: Lab = {
  duration: 60_000,
  warmup: 5000,
  arrivals: { kind: 'poisson', rate: 120 },
  traffic: {
    timeout: 2000,
    retries: { attempts: 2, backoff: exponential(50) },
    calls: [
      { ...tool(lognormal(40)), name: 'search', share: 0.7 },
      { ...tool(exponential(200), false), name: 'report', share: 0.3 },
    ],
  },
  servers: { count: 6 },
  server: { slots: 8, queue: 64 },
  setup: {
    network: constant(1),
    faults: [
      fault({ kind: 'errors', share: 0.5 }, 10_000, 30_000, [0, 1]),
      fault({ kind: 'crash' }, 35_000, 40_000, [2]),
    ],
    health: health({ interval: '2s', timeout: '500ms' }),
    breaker: breaker({ recovery: '5s' }),
  },
};

const sessions: Lab = {
  duration: 60_000,
  arrivals: { kind: 'gamma', rate: 3, cv: 2 },
  traffic: {
    era: 'legacy',
    timeout: 3000,
    retries: { attempts: 3, backoff: constant(100) },
    sessions: {
      era: 'legacy',
      calls: { kind: 'geometric', mean: 8 },
      think: exponential(1000),
      share: 0.7,
      recover: true,
    },
    calls: [tool(lognormal(300))],
  },
  groups: [
    { name: 'big', count: 1, speed: 2, slots: 4, weight: 2 },
    { name: 'small', count: 2, slots: 2, patience: exponential(2000) },
  ],
  servers: { startup: 3000 },
  setup: {
    network: exponential(3),
    balancer: balancer('least-connections'),
    affinity: 'session',
    drain: 5000,
    health: health({ interval: '1s', timeout: '200ms' }),
    faults: [fault({ kind: 'flap', up: 4000, down: 500 }, 20_000, 35_000, [1])],
    autoscaler: autoscaler({ every: '1s', cooldown: '5s', max: 6, up: 0.15, down: 0.05 }),
  },
};

const sharing: Lab = {
  duration: 40_000,
  warmup: 2000,
  arrivals: { kind: 'sine', mean: 80, amplitude: 0.5, period: 20_000, phase: 0 },
  traffic: { timeout: 1000, calls: [tool(lognormal(60))] },
  servers: { count: 5, discipline: 'processor-sharing', startup: 1000 },
  server: { slots: 2, queue: 10 },
  setup: {
    network: { kind: 'uniform', min: 0.5, max: 2 },
    balancer: balancer('p2c'),
    health: health({ interval: '1s', timeout: '100ms', unhealthy: 2 }),
    breaker: breaker({ failures: 3, recovery: '2s', window: 'none' }),
    faults: [
      fault({ kind: 'slow', factor: 4 }, 5000, 10_000, [0]),
      fault({ kind: 'hang' }, 8000, 12_000, [1], { healthOk: true }),
      fault({ kind: 'partition' }, 14_000, 18_000, [2]),
      fault({ kind: 'refuse' }, 20_000, 22_000, [3]),
      fault({ kind: 'toolErrors', share: 0.2 }, 24_000, 30_000, 'all'),
      fault({ kind: 'leak', slower: 5, over: 5000 }, 25_000, null, [4]),
    ],
  },
};

export const GOLDEN: Readonly<Record<string, Lab>> = { flaky, sessions, sharing };
