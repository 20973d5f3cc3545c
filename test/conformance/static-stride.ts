/** gRPC's static stride scheduler: picks in order, counts or shares of many picks, and where the sequence then stands. */
import { z } from 'zod';
import { StaticStride } from '../../src/core/static-stride.ts';
import { ruleOf } from './rule.ts';

const COUNT = z.int().min(0);
const SHARED = z.object({ weights: z.array(z.number()).min(1), startSequence: z.int().default(0) });
const IN_ORDER = SHARED.extend({
  expectedPicks: z.array(COUNT).min(1),
  sequenceAfterEachPick: z.array(COUNT).optional(),
});
const COUNTS = SHARED.extend({ picks: COUNT, expectedCounts: z.array(COUNT).min(1) });
const SHARES = SHARED.extend({
  picks: COUNT,
  expectedShare: z.array(z.number()).min(1),
  absTolerance: z.number(),
});

export const staticStrideScheduler = ruleOf(z.union([IN_ORDER, COUNTS, SHARES]), (row) => {
  const rule = { unknown: 'mean', clamp: true } as const;
  const stride = new StaticStride(row.weights, rule, row.startSequence);
  if ('expectedPicks' in row) return breachOfOrder(stride, row);
  const counts = row.weights.map(() => 0);
  for (let pick = 0; pick < row.picks; pick++) counts[stride.next()]! += 1;
  if ('expectedCounts' in row) {
    const agrees = counts.join() === row.expectedCounts.join();
    return agrees ? null : `expected ${row.expectedCounts.join()}, got ${counts.join()}`;
  }
  return breachOfShares(counts, row.expectedShare, row.absTolerance);
});

const breachOfOrder = (stride: StaticStride, row: z.output<typeof IN_ORDER>): string | null => {
  for (const [k, expected] of row.expectedPicks.entries()) {
    const got = stride.next();
    if (got !== expected) return `pick ${k + 1}: expected ${expected}, got ${got}`;
    const sequence = row.sequenceAfterEachPick?.[k] ?? stride.sequence;
    if (stride.sequence !== sequence)
      return `sequence after pick ${k + 1}: expected ${sequence}, got ${stride.sequence}`;
  }
  return null;
};

/** Shares of all that was counted, each within the tolerance. */
export const breachOfShares = (
  counts: readonly number[],
  expected: readonly number[],
  tolerance: number,
): string | null => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (const [k, share] of expected.entries()) {
    const got = counts[k]! / total;
    if (!(Math.abs(got - share) <= tolerance)) return `share ${k}: expected ${share}, got ${got}`;
  }
  return null;
};
