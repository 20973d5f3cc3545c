/**
 * The run that the laws are tried on: everything that draws and everything that can go wrong, on a slow clock (work in
 * seconds), so that the rounding of durations to whole microseconds is a millionth and decides nothing.
 */
import type { Fault } from '../../src/scenario/scenario.ts';
import { balancer, breaker, fault, health, type Lab } from '../sim/lab.ts';

const exponential = (mean: number) => ({ kind: 'exponential', mean }) as const;

const MINUTE = 60_000;

export const FAULTS: readonly Fault[] = [
  fault({ kind: 'errors', share: 0.4 }, 3 * MINUTE, 7 * MINUTE, [0, 3]),
  fault({ kind: 'slow', factor: 3 }, 5 * MINUTE, 9 * MINUTE, [1]),
  fault({ kind: 'errors', share: 0.3 }, 3 * MINUTE, 10 * MINUTE, [0]),
  fault({ kind: 'crash' }, 8 * MINUTE, 11 * MINUTE, [2]),
  fault({ kind: 'flap', up: 20_000, down: 25_000 }, 12 * MINUTE, 15 * MINUTE, [3]),
  fault({ kind: 'hang' }, 13 * MINUTE, 14 * MINUTE, [1], { healthOk: true }),
  fault({ kind: 'leak', slower: 4, over: 2 * MINUTE }, 16 * MINUTE, null, [4]),
  fault({ kind: 'toolErrors', share: 0.2 }, 2 * MINUTE, null, 'all'),
];

export const WEATHER: Lab = {
  arrivals: { kind: 'poisson', rate: 2 },
  duration: 20 * MINUTE,
  warmup: MINUTE,
  traffic: {
    timeout: 15_000,
    retries: { attempts: 3, backoff: exponential(700) },
    calls: [
      { name: 'search', share: 0.7, work: { kind: 'lognormal', mean: 2000, cv: 1 }, safe: true },
      { name: 'report', share: 0.3, work: exponential(5000), safe: false },
    ],
  },
  servers: { startup: 9000, discipline: 'fifo' },
  groups: [
    { name: 'small', count: 4, slots: 3, queue: 4, patience: exponential(20_000) },
    { name: 'big', count: 2, slots: 4, speed: 1.5, weight: 2, queue: 10 },
  ],
  setup: {
    network: exponential(60),
    balancer: balancer('p2c'),
    health: health({ interval: '8s', timeout: '3s', unhealthy: 2 }),
    breaker: breaker({ failures: 4, recovery: '20s', halfOpenCalls: 2 }),
    faults: FAULTS,
  },
};

/** The same weather over other policies. */
export const under = (name: string): Lab => ({
  ...WEATHER,
  setup: { ...WEATHER.setup, balancer: balancer(name) },
});
