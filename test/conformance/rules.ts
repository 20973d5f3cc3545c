/** Which rule speaks for which group, and why the other groups have none. */
import { activeHealthCheck } from './active-health-check.ts';
import { concurrencyLimits } from './concurrency-limits.ts';
import { HPA_RULES } from './hpa/rules.ts';
import { KPA_RULES } from './kpa/rules.ts';
import { c3Rank } from './c3.ts';
import { p2cGoZero } from './go-zero.ts';
import { orcaWeightedRoundRobin } from './orca.ts';
import { outlierEnvoy } from './outlier-envoy.ts';
import { outlierGrpcA50 } from './outlier-grpc-a50.ts';
import { panicAndPriority } from './panic-and-priority.ts';
import { ewma, peakEwmaCost, peakEwmaLoad } from './peak-ewma.ts';
import { edfWeightedRoundRobin } from './edf.ts';
import { leastRequest } from './least-request.ts';
import { prequal } from './prequal.ts';
import { retryBudget } from './retry-budget.ts';
import { breakerCockatiel } from './cockatiel.ts';
import { failureAccrualFinagle } from './finagle.ts';
import { breakerLinkerdConsecutive, successRateWindowLinkerd } from './linkerd.ts';
import { breakerPolly } from './polly.ts';
import { referenceScore } from './reference-score.ts';
import { breakerResilience4j, slidingWindowResilience4j } from './resilience4j.ts';
import type { Rule } from './rule.ts';
import { smoothWeightedRoundRobin } from './smooth-weighted.ts';
import { staticStrideScheduler } from './static-stride.ts';

/** By the group's name. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['activeHealthCheck', activeHealthCheck],
  ['referenceScore', referenceScore],
  ...HPA_RULES,
  ...KPA_RULES,
  ['peakEwmaCost', peakEwmaCost],
  ['ewma', ewma],
  ['peakEwmaLoad', peakEwmaLoad],
  ['p2cGoZero', p2cGoZero],
  ['outlierEnvoy', outlierEnvoy],
  ['outlierGrpcA50', outlierGrpcA50],
  ['retryBudget', retryBudget],
  ['concurrencyLimits', concurrencyLimits],
  ['panicAndPriority', panicAndPriority],
  ['smoothWeightedRoundRobin', smoothWeightedRoundRobin],
  ['edfWeightedRoundRobin', edfWeightedRoundRobin],
  ['leastRequest', leastRequest],
  ['staticStrideScheduler', staticStrideScheduler],
  ['orcaWeightedRoundRobin', orcaWeightedRoundRobin],
  ['breakerResilience4j', breakerResilience4j],
  ['slidingWindowResilience4j', slidingWindowResilience4j],
  ['breakerPolly', breakerPolly],
  ['breakerCockatiel', breakerCockatiel],
  ['successRateWindowLinkerd', successRateWindowLinkerd],
  ['breakerLinkerdConsecutive', breakerLinkerdConsecutive],
  ['failureAccrualFinagle', failureAccrualFinagle],
  ['c3Rank', c3Rank],
  ['prequal', prequal],
]);

const SHAPE = 'a row of a shape that this rule does not know';

const REASONS: Readonly<Record<string, string>> = {
  breakerResilience4j: SHAPE,
  breakerPolly: SHAPE,
  breakerCockatiel: SHAPE,
  failureAccrualFinagle: SHAPE,
  outlierEnvoy: 'a row neither of rates, calls, the cap, a timeline nor the longest ejection',
  outlierGrpcA50: 'a row neither of the calls of an interval nor of the deviation',
  concurrencyLimits: 'a limit other than AIMD, Vegas and Gradient2 is not in the registry',
  panicAndPriority: 'a row neither of priorities nor of one pool',
  prequal: SHAPE,
};

/** Why rows of this group are not put to anything. */
export const reasonFor = (group: string): string =>
  REASONS[group] ?? 'this suite has no rule for such a group';
