/** Finagle's retry budget at a moment: each request pays in, then a retry is tried; or the balance after all of them. */
import { z } from 'zod';
import { TokenBucket } from '../../src/policies/budget/token-bucket.ts';
import { ruleOf } from './rule.ts';

const COUNT = z.int().min(0);
const ROW = z
  .object({
    ttlSec: z.number().positive().default(60),
    minRetriesPerSec: COUNT,
    percentCanRetry: z.number().min(0),
    requests: COUNT,
    expectedRetries: COUNT.optional(),
    expectedBalance: COUNT.optional(),
    absTolerance: z.number().default(0),
  })
  .refine(
    (row) => row.expectedRetries !== undefined || row.expectedBalance !== undefined,
    'expects nothing',
  );

export const retryBudget = ruleOf(ROW, (row) => {
  const budget = new TokenBucket({
    ttl: row.ttlSec * 1000,
    share: row.percentCanRetry,
    reserve: row.minRetriesPerSec,
  });
  let retries = 0;
  for (let request = 0; request < row.requests; request++) {
    budget.arrived(0);
    if (row.expectedRetries === undefined || !budget.admits(0)) continue;
    budget.spent(0);
    retries++;
  }
  const [what, expected, got] =
    row.expectedRetries === undefined
      ? (['balance', row.expectedBalance!, budget.balance(0)] as const)
      : (['retries', row.expectedRetries, retries] as const);
  return Math.abs(got - expected) <= row.absTolerance
    ? null
    : `${what}: expected ${expected}, got ${got}`;
});
