/** Knative's autoscaler told its two averages step by step; how it begins; and what it makes of missing data. */
import { z } from 'zod';
import {
  KpaScaler,
  panicAtStart,
  type KpaSpec,
} from '../../../src/policies/autoscaler/kpa/scaler.ts';
import { ruleOf } from '../rule.ts';

const COUNT = z.int().min(0);
const SPEC = z.object({
  targetValue: z.number().positive(),
  totalValue: z.number().min(0),
  targetBurstCapacity: z.number().min(-1),
  maxScaleUpRate: z.number(),
  maxScaleDownRate: z.number(),
  activationScale: COUNT,
  panicThreshold: z.number(),
  scaleDownDelaySec: z.number(),
  stableWindowSec: z.number(),
  reachable: z.boolean(),
});
const STEP = z.object({
  tSec: z.number(),
  readyPods: COUNT,
  stableValue: z.number(),
  panicValue: z.number(),
  specUpdate: SPEC.partial().optional(),
  expected: z.object({
    desiredPods: COUNT,
    excessBurstCapacity: z.number(),
    inPanic: z.boolean(),
  }),
});
const TIMELINE = z.object({
  spec: SPEC,
  initialReadyPods: COUNT,
  initialState: z
    .object({ panicStartedAtSec: z.number(), maxPanicPods: COUNT })
    .partial()
    .optional(),
  steps: z.array(STEP).min(1),
});

export const kpaTimeline = ruleOf(TIMELINE, ({ spec, initialReadyPods, initialState, steps }) => {
  const begin = panicAtStart(0, initialReadyPods);
  const startedAt = initialState?.panicStartedAtSec;
  const scaler = new KpaScaler(specOf(spec), {
    since: startedAt === undefined ? begin.since : startedAt * 1000,
    most: initialState?.maxPanicPods ?? begin.most,
  });
  let written: z.output<typeof SPEC> = spec;
  for (const [index, step] of steps.entries()) {
    written = { ...written, ...(step.specUpdate as Partial<typeof written>) };
    scaler.update(specOf(written));
    const got = scaler.scale(step.tSec * 1000, step.readyPods, {
      stable: step.stableValue,
      panic: step.panicValue,
    });
    const wrong = got === null ? 'no result' : difference(step.expected, got);
    if (wrong !== null) return `step ${index + 1}: ${wrong}`;
  }
  return null;
});

const specOf = (written: z.output<typeof SPEC>): KpaSpec => ({
  target: written.targetValue,
  total: written.totalValue,
  burst: written.targetBurstCapacity === -1 ? Infinity : written.targetBurstCapacity,
  maxUp: written.maxScaleUpRate,
  maxDown: written.maxScaleDownRate,
  activationScale: written.activationScale,
  panicThreshold: written.panicThreshold,
  stableWindow: written.stableWindowSec * 1000,
  scaleDownDelay: written.scaleDownDelaySec * 1000,
  reachable: written.reachable,
});

const difference = (
  expected: z.output<typeof STEP>['expected'],
  got: NonNullable<ReturnType<KpaScaler['scale']>>,
): string | null => {
  const { desiredPods, excessBurstCapacity, inPanic } = expected;
  if (got.desired !== desiredPods) return `expected ${desiredPods} pods, got ${got.desired}`;
  if (got.panicking !== inPanic)
    return `expected ${inPanic ? 'panic' : 'no panic'}, got the contrary`;
  return Math.abs(got.excessBurstCapacity - excessBurstCapacity) <= 1
    ? null
    : `expected burst capacity ${excessBurstCapacity}, got ${got.excessBurstCapacity}`;
};

const START = z.object({
  initialReadyPods: COUNT,
  expected: z.object({ inPanic: z.boolean(), maxPanicPods: COUNT }),
});

export const kpaStart = ruleOf(START, ({ initialReadyPods, expected }) => {
  const { since, most } = new KpaScaler(PLAIN, panicAtStart(0, initialReadyPods)).panic;
  if ((since !== null) !== expected.inPanic) return `expected panic to be ${expected.inPanic}`;
  return most === expected.maxPanicPods ? null : `expected ${expected.maxPanicPods}, got ${most}`;
});

const INVALID = z.object({
  /** Which of the two could not be had: `metrics-error`, `pod-count-error`. */
  id: z.string().regex(/^(metrics|pod)/),
  expected: z.object({ valid: z.boolean() }),
});

export const kpaInvalid = ruleOf(INVALID, ({ id, expected }) => {
  const scaler = new KpaScaler(PLAIN, panicAtStart(0, 1));
  const reading = { stable: 50, panic: 50 };
  const result = id.startsWith('metrics')
    ? scaler.scale(0, 1, null)
    : scaler.scale(0, null, reading);
  return (result !== null) === expected.valid ? null : `expected valid to be ${expected.valid}`;
});

const PLAIN: KpaSpec = {
  target: 10,
  total: 13,
  burst: 0,
  maxUp: 10,
  maxDown: 10,
  activationScale: 1,
  panicThreshold: 2,
  stableWindow: 60_000,
  scaleDownDelay: 0,
  reachable: true,
};
