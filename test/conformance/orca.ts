/**
 * gRPC's weighted round robin by load reports: told utilisation and rates become totals over one second of a server with
 * one slot, then picks are counted, at once or at the ages that a case tells.
 */
import { z } from 'zod';
import { emptyReport } from '../../src/core/load-report.ts';
import { sequential } from '../../src/core/rng.ts';
import { UtilisationWeighted, weightOf } from '../../src/policies/balancer/utilisation-weighted.ts';
import { agrees } from './agrees.ts';
import { ruleOf } from './rule.ts';
import { breachOfShares } from './static-stride.ts';

const SHARES = z.array(z.number()).min(1);
const RATE = z.number().min(0);
const REPORT = z
  .object({
    utilization: RATE.optional(),
    cpuUtilization: RATE.optional(),
    applicationUtilization: RATE.optional(),
    qps: RATE,
    eps: RATE.default(0),
  })
  .transform(({ qps, eps, ...told }) => {
    // The application's own figure goes before the processor's, when there is one.
    const application = told.applicationUtilization ?? 0;
    const utilisation = application > 0 ? application : (told.utilization ?? told.cpuUtilization);
    return { utilisation: utilisation ?? 0, qps, eps };
  });

const ROW = z
  .object({
    reports: z.array(REPORT.nullable()).min(1),
    errorUtilizationPenalty: z.number().default(1),
    rawWeights: z.array(z.number()).optional(),
    blackoutSec: z.number().default(0),
    expirationSec: z.number().default(180),
    picks: z.int().default(10_000),
    absTolerance: z.number(),
    expectedShare: SHARES.optional(),
    steps: z.array(z.object({ ageSec: z.number(), expectedShare: SHARES })).optional(),
  })
  .refine((row) => row.expectedShare !== undefined || row.steps !== undefined, {
    error: 'no expected share',
  });

const SECOND = 1000;

export const orcaWeightedRoundRobin = ruleOf(ROW, (row) => {
  const penalty = row.errorUtilizationPenalty;
  for (const [k, expected] of (row.rawWeights ?? []).entries()) {
    const report = row.reports[k];
    const got = report ? weightOf(report.utilisation, report.qps, report.eps, penalty) : 0;
    if (!agrees(got, expected)) return `weight ${k}: expected ${expected}, got ${got}`;
  }
  const balancer = balancerOf(row);
  const steps = row.steps ?? [{ ageSec: row.blackoutSec, expectedShare: row.expectedShare! }];
  for (const { ageSec, expectedShare } of steps) {
    const counts = row.reports.map(() => 0);
    for (let pick = 0; pick < row.picks; pick++) counts[balancer.pick(SECOND * (1 + ageSec))]! += 1;
    const breach = breachOfShares(counts, expectedShare, row.absTolerance);
    if (breach !== null) return `after ${ageSec} s: ${breach}`;
  }
  return null;
});

/** Told all reports at second 1. */
const balancerOf = (row: z.output<typeof ROW>): UtilisationWeighted => {
  const options = {
    unknown: 'mean',
    clamp: true,
    penalty: row.errorUtilizationPenalty,
    blackout: row.blackoutSec * SECOND,
    expiry: row.expirationSec * SECOND,
    update: SECOND,
    span: SECOND,
    poll: null,
  } as const;
  const balancer = new UtilisationWeighted(options, sequential(1, 'orca'));
  for (const [server, report] of row.reports.entries()) {
    balancer.joined(0, server);
    if (report === null) continue;
    balancer.reported(0, server, { ...emptyReport(), slots: 1 });
    balancer.reported(SECOND, server, {
      ...emptyReport(),
      slots: 1,
      busyMs: report.utilisation * SECOND,
      finished: report.qps,
      failed: report.eps,
    });
  }
  return balancer;
};
