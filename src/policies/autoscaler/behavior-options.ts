/** How the scaling behaviour of a Kubernetes HPA is written, for the policies that have one. */
import { z } from 'zod';
import { zCount, zDuration, zShare, type Millis } from '../../core/units.ts';
import {
  DEFAULT_DOWN,
  DEFAULT_UP,
  type Behavior,
  type ScalingPolicy,
  type ScalingRules,
} from './hpa/behavior.ts';
import type { Tolerance } from './hpa/proposal.ts';

const HALF_HOUR = 1_800_000;
const HOUR = 3_600_000;

const zScalingPolicy = z
  .strictObject({
    pods: zCount({ min: 1 }).optional().describe('servers a period'),
    percent: zShare({ positive: true, max: 1e6 })
      .optional()
      .describe('share of the servers that there were when the period began'),
    period: zDuration({ positive: true, max: HALF_HOUR }).describe('up to 30m'),
  })
  .transform(({ pods, percent, period }, context): ScalingPolicy => {
    if (pods !== undefined && percent === undefined) return { pods, period };
    if (pods === undefined && percent !== undefined) return { percent, period };
    const got = pods === undefined ? 'neither' : 'both';
    context.addIssue(`got ${got}; allowed: either pods or percent`);
    return z.NEVER;
  });

const zRules = (direction: string) =>
  z.strictObject({
    window: zDuration({ max: HOUR }).optional().describe(`stabilisation window ${direction}`),
    policies: z.array(zScalingPolicy).min(1).optional().describe('how much a period may change'),
    select: z
      .enum(['max', 'min', 'disabled'])
      .prefault('max')
      .describe('which policy holds: that of the largest change, of the smallest, or none may'),
    tolerance: zShare({ max: 100 }).optional().describe('in the place of the general tolerance'),
  });

type Rules = z.output<ReturnType<typeof zRules>>;

export const zBehavior = () =>
  z.strictObject({
    up: zRules('on the way up, 0 unless given').optional(),
    down: zRules('on the way down, `stabilization` unless given').optional(),
  });

export type BehaviorOptions = z.output<ReturnType<typeof zBehavior>>;

/** What is not given is filled in as the API server does. */
export const behaviorOf = (options: BehaviorOptions, stabilization: Millis): Behavior => ({
  up: rulesOf(options.up, DEFAULT_UP),
  down: rulesOf(options.down, { ...DEFAULT_DOWN, window: stabilization }),
});

const rulesOf = (given: Rules | undefined, fallback: ScalingRules): ScalingRules => ({
  select: given?.select ?? fallback.select,
  window: given?.window ?? fallback.window,
  policies: given?.policies ?? fallback.policies,
});

export const toleranceOf = (
  behavior: BehaviorOptions | undefined,
  tolerance: number,
): Tolerance => ({
  up: behavior?.up?.tolerance ?? tolerance,
  down: behavior?.down?.tolerance ?? tolerance,
});
