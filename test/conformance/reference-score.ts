/** The reference's utilisation score, and what its autoscaler decides on it with room to move both ways. */
import { z } from 'zod';
import {
  referenceScore as score,
  ThresholdScaler,
} from '../../src/policies/autoscaler/threshold.ts';
import { ruleOf } from './rule.ts';

const ROW = z.object({
  latencySec: z.number(),
  errorRate: z.number(),
  active: z.number(),
  queue: z.number(),
  expectedScore: z.number(),
  decision: z.enum(['up', 'down', 'none']),
});

const SERVERS = 5;
const OPTIONS = { up: 0.8, down: 0.3, min: 2, max: 10, cooldown: 300_000, every: 15_000 };

export const referenceScore = ruleOf(ROW, (row) => {
  const latencyMs = row.latencySec * 1000;
  const got = score(latencyMs, row.errorRate, row.active, row.queue);
  if (!agrees(got, row.expectedScore)) return `score: expected ${row.expectedScore}, got ${got}`;
  const { desired } = new ThresholdScaler(OPTIONS).decide(0, {
    servers: SERVERS,
    ready: SERVERS,
    latencyMsMean: latencyMs,
    requestsPerSecond: 1,
    errorRate: row.errorRate,
    active: row.active,
    concurrencyMean: row.active,
    waiting: 0,
    members: [],
    queued: row.queue,
  });
  const decision = DECISIONS[Math.sign(desired - SERVERS) + 1]!;
  return decision === row.decision ? null : `expected ${row.decision}, got ${decision}`;
});

const DECISIONS = ['down', 'none', 'up'] as const;

/** As exactly as the row is written, and to four decimals at least. */
const agrees = (got: number, expected: number): boolean => {
  const decimals = Math.max(4, String(expected).split('.')[1]?.length ?? 0);
  return Math.abs(got - expected) <= 0.5 * 10 ** -Math.min(decimals, 12) + 1e-12;
};
