/**
 * How a group of cases is put to the real policies. A check returns what differs, or null when the case holds, or
 * NOT_APPLICABLE when this row asks for something that the policy does not claim to do.
 */
import { z } from 'zod';
import { CandidateSet } from '../../src/fleet/candidate-set.ts';
import { referenceScore, threshold } from '../../src/policies/autoscaler/threshold.ts';
import type { Balancer } from '../../src/policies/balancer/balancer.ts';
import { LeastConnections } from '../../src/policies/balancer/least-connections.ts';
import { P2c } from '../../src/policies/balancer/p2c.ts';
import { ActiveHealth } from '../../src/policies/health/active.ts';
import type { Rng } from '../../src/core/rng.ts';
import { request } from '../contracts/balancer-arena.ts';
import type { ConformanceCase } from './cases.ts';

export const NOT_APPLICABLE = Symbol('not applicable');
export type Verdict = string | null | typeof NOT_APPLICABLE;

export type Check = (row: ConformanceCase['row']) => Verdict;

const healthRow = z.object({
  fall: z.number(),
  rise: z.number(),
  start: z.enum(['UP', 'DOWN']),
  checks: z.string().regex(/^[SF]*$/),
  stateAfterEach: z.array(z.enum(['UP', 'DOWN'])),
});

/** HAProxy's fall and rise. A server that starts DOWN has been UP once: it needs `rise` checks, not the first alone. */
const activeHealthCheck: Check = (row) => {
  const { fall, rise, start, checks, stateAfterEach } = healthRow.parse(row);
  const health = new ActiveHealth({
    interval: 1000,
    timeout: 1000,
    unhealthy: fall,
    healthy: rise,
  });
  health.probed(0, true);
  if (start === 'DOWN') for (let k = 0; k < fall; k++) health.probed(0, false);
  const states = [...checks].map((check) => {
    health.probed(0, check === 'S');
    return health.healthy() ? 'UP' : 'DOWN';
  });
  return differs(states, stateAfterEach);
};

const scoreRow = z.object({
  latencySec: z.number(),
  errorRate: z.number(),
  active: z.number(),
  queue: z.number(),
  expectedScore: z.number(),
  decision: z.enum(['up', 'down', 'none']).optional(),
});

const SCALE_OF = { up: 1, down: -1, none: 0 } as const;

/** The reference's score, and the decision at its default thresholds from a size that may move either way. */
const referenceScoreCheck: Check = (row) => {
  const { latencySec, errorRate, active, queue, expectedScore, decision } = scoreRow.parse(row);
  const score = referenceScore(latencySec * 1000, errorRate, active, queue);
  if (Math.abs(score - expectedScore) > 1e-9) return `score ${score}, expected ${expectedScore}`;
  if (decision === undefined) return null;
  const scaler = threshold.make(threshold.options.parse({}) as never, NO_DICE);
  const servers = 5;
  const { desired } = scaler.decide(0, {
    servers,
    ready: servers,
    latencyMsMean: latencySec * 1000,
    requestsPerSecond: 0,
    errorRate,
    active,
    queued: queue,
  });
  return differs(desired - servers, SCALE_OF[decision]);
};

const leastRequestRow = z.object({
  active: z.array(z.number()),
  /** Sent, but not yet begun. */
  pending: z.array(z.number()).optional(),
  draws: z.array(z.number()).optional(),
  expectedHost: z.number(),
});

/**
 * Envoy's least_request with equal weights. By draws: host = draw mod n, with replacement, a strictly lower load
 * replaces. By full scan: the least loaded of all, a call counting from when it is sent.
 */
const leastRequest: Check = (row) => {
  if ('weights' in row || 'bias' in row) return NOT_APPLICABLE;
  const { active, pending = [], draws, expectedHost } = leastRequestRow.parse(row);
  const balancer: Balancer =
    draws === undefined
      ? new LeastConnections()
      : new P2c({ choices: draws.length, replacement: true }, scripted(draws));
  const candidates = new CandidateSet();
  active.forEach((calls, server) => {
    candidates.add(server);
    balancer.joined(0, server, 1);
    for (let k = 0; k < calls + (pending[server] ?? 0); k++) balancer.sent(0, server);
  });
  return differs(balancer.pick(0, request(0, 0), candidates), expectedHost);
};

export const CHECKS: Readonly<Record<string, Check>> = {
  activeHealthCheck,
  referenceScore: referenceScoreCheck,
  leastRequest,
};

const differs = (got: unknown, expected: unknown): string | null => {
  const [is, should] = [JSON.stringify(got), JSON.stringify(expected)];
  return is === should ? null : `got ${is}, expected ${should}`;
};

const scripted = (draws: readonly number[]): Rng => {
  let drawn = 0;
  return {
    next: () => NO_DICE.next(),
    below: (n) => draws[drawn++]! % n,
  };
};

const NO_DICE: Rng = {
  next: () => {
    throw new Error('this case leaves nothing to chance');
  },
  below: () => NO_DICE.next(),
};
