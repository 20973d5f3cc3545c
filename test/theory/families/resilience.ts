/**
 * The arithmetic of resilience: how long health checks take to find a dead server, and how much load retries add. Both are
 * measured on the real health monitor and the fleet's own retries.
 */
import { Draws } from '../../../src/core/rng.ts';
import type { Fault, FaultEffect } from '../../../src/scenario/scenario.ts';
import type { Experiment, Family } from '../experiment.ts';
import { constant, exponential, UNIT } from '../laws.ts';
import { observe, type Observation } from '../observe.ts';
import { equal, exact } from '../quantities.ts';
import { NotModelled, numbersOf, rowsOf, type Entry } from '../references.ts';
import { steadyState } from '../steady-state.ts';
import { choice, poisson, type System } from '../system.ts';

/** Slots for everyone. */
const PLENTY = 1_000_000;

export const retryAmplification: Family = {
  matches: /^Retry load amplification/,
  modelledAs:
    'an `errors` fault of share p on every server, `retries` of m attempts without a pause',
  experiments: (entry) =>
    rowsOf(entry.params, 'cases').map(([share, attempts], k) =>
      retried(entry, k, share!, attempts!),
    ),
};

const retried = ({ expected }: Entry, k: number, share: number, attempts: number): Experiment =>
  steadyState({
    label: `p=${share} m=${attempts}`,
    system: {
      arrivals: poisson(1),
      work: constant(0.1),
      servers: 2,
      slots: PLENTY,
      retries: { attempts, backoff: constant(0) },
      faults: [fault(0, 'all', { kind: 'errors', share })],
    },
    load: 0,
    rate: 1,
    relaxation: 1,
    quantities: ['meanAttempts', 'finalFailure'].map((name) =>
      equal(name, numbersOf(expected, name)[k]!),
    ),
  });

export const detection: Family = {
  matches: /^Health-check detection delay/,
  modelledAs:
    '`active` health checks; a fleet whose servers hang (tau = the timeout) or crash (tau = 0) each at a moment of its own; `detectionMsMean`, and every single delay within the bounds',
  experiments: ({ expected }) => {
    const examples = Object.entries(expected).flatMap(([key, value]) => {
      const [, interval, timeout, threshold] =
        /^example_I([\d.]+)_tau([\d.]+)_k(\d+)$/.exec(key) ?? [];
      if (threshold === undefined || typeof value !== 'number') return [];
      return [
        { interval: Number(interval), timeout: Number(timeout), threshold: +threshold, value },
      ];
    });
    if (examples.length === 0) throw new NotModelled('it has no example with numbers');
    return examples.flatMap(({ interval, timeout, threshold, value }) => {
      const checks = { interval, timeout, threshold };
      return [
        detected('servers that hang', { kind: 'hang' }, checks, timeout, value),
        detected('servers that crash', { kind: 'crash' }, checks, 0, value - timeout),
      ];
    });
  },
};

interface Checks {
  readonly interval: number;
  readonly timeout: number;
  readonly threshold: number;
}

/** `silence`: how long a failing check takes. The length of a replication is its number of servers. */
const detected = (
  label: string,
  effect: FaultEffect,
  { interval, timeout, threshold }: Checks,
  silence: number,
  expected: number,
): Experiment => {
  const soonest = (threshold - 1) * interval + silence;
  const latest = threshold * interval + silence;
  const duration = (4 * interval + 2 * latest) * UNIT;
  return {
    label,
    quantities: [equal('meanDetection', expected), exact('outOfBounds', 0)],
    load: 0,
    bounded: true,
    replications: 30,
    pilot: 40,
    requests: () => duration / UNIT,
    replicate: (length, seed) => {
      const servers = Math.ceil(length);
      const phases = new Draws(seed, 'moments');
      const system: System = {
        arrivals: poisson(1),
        work: exponential(0.1),
        servers,
        // A call to a server that hangs would be waited for.
        timeout: null,
        health: choice('active', {
          interval: interval * UNIT,
          timeout: timeout * UNIT,
          unhealthy: threshold,
          healthy: 2,
        }),
        faults: Array.from({ length: servers }, (_, server) =>
          fault((2 + 2 * phases.uniform(server)) * interval * UNIT, [server], effect),
        ),
      };
      const observation = observe(system, { warmup: 0, duration, seed });
      const delays = delaysOf(observation, system);
      return {
        meanDetection: observation.record.metrics.detectionMsMean! / UNIT,
        outOfBounds: delays.filter((delay) => !(delay >= soonest && delay <= latest)).length,
      };
    },
  };
};

/** From fault to ejection, in units of time, of the servers whose states are kept. */
const delaysOf = ({ record }: Observation, { faults }: System): number[] =>
  record.strips.map(({ server, spans }) => {
    const ejected = spans.find((span) => span.state === 'unhealthy')?.from ?? Infinity;
    return (ejected - faults![Number(server.slice(1)) - 1]!.at) / UNIT;
  });

const fault = (at: number, servers: Fault['servers'], effect: FaultEffect): Fault => ({
  at,
  for: null,
  every: null,
  servers,
  healthOk: false,
  effect,
  label: effect.kind,
});
