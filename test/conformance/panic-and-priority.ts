/** Envoy's priorities by health, and its panic threshold over one set of servers. */
import { z } from 'zod';
import { panics, priorityLoads } from '../../src/policies/guards/panic.ts';
import { firstBreach, isMap } from './ejected.ts';
import { ruleOf, type Rule } from './rule.ts';

const PERCENT = z.number().min(0).max(100);
const PRIORITIES = z.object({
  healthyPercent: z.array(PERCENT).min(1),
  overprovisioningPercent: z.number().positive().default(140),
  panicThresholdPercent: PERCENT.default(50),
  expectedTrafficPercent: z.array(PERCENT),
  absTolerance: z.number().default(0),
  panic: z.array(z.string().regex(/^P\d+$/)).optional(),
  normalizedTotal: PERCENT.optional(),
});

const priorities = ruleOf(PRIORITIES, (row) => {
  const shares = row.healthyPercent.map((percent) => percent / 100);
  const { overprovisioningPercent, panicThresholdPercent } = row;
  const got = priorityLoads(shares, overprovisioningPercent / 100, panicThresholdPercent / 100);
  const traffic = got.priorities.map((each) => each.traffic * 100);
  const agrees =
    traffic.length === row.expectedTrafficPercent.length &&
    traffic.every(
      (each, index) =>
        Math.abs(each - row.expectedTrafficPercent[index]!) <= row.absTolerance + 1e-9,
    );
  const panic = got.priorities.flatMap((each, index) => (each.panic ? [`P${index}`] : []));
  const total = Math.round(got.health * 100);
  return firstBreach(
    agrees ? null : `expected ${row.expectedTrafficPercent.join(', ')}, got ${traffic.join(', ')}`,
    row.panic === undefined || row.panic.join() === panic.join()
      ? null
      : `expected panic of ${row.panic.join(', ')}, got ${panic.join(', ')}`,
    row.normalizedTotal === undefined || Math.abs(row.normalizedTotal - total) <= row.absTolerance
      ? null
      : `expected a total of ${row.normalizedTotal}, got ${total}`,
  );
});

const POOL = z.object({
  hosts: z.int().min(1),
  healthy: z.int().min(0),
  panicThresholdPercent: PERCENT.default(50),
  expectedPool: z.enum(['all', 'healthy']),
});

const pool = ruleOf(POOL, (row) => {
  const got = panics(row.healthy, row.hosts, row.panicThresholdPercent / 100) ? 'all' : 'healthy';
  return got === row.expectedPool ? null : `expected ${row.expectedPool}, got ${got}`;
});

const ruleFor = (row: unknown): Rule | undefined =>
  !isMap(row)
    ? undefined
    : 'healthyPercent' in row
      ? priorities
      : 'expectedPool' in row
        ? pool
        : undefined;

export const panicAndPriority: Rule = {
  covers: (row) => ruleFor(row) !== undefined,
  breach: (row) => ruleFor(row)!.breach(row),
};
