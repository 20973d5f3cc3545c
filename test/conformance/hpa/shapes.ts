/**
 * What the HPA's cases are written in: pods and samples by their ages, rules with the API's own names, and the
 * controller's constants of the upstream tests. `now` is an hour into the run.
 */
import { z } from 'zod';
import type { Behavior, ScalingRules } from '../../../src/policies/autoscaler/hpa/behavior.ts';
import type { Pod, Readiness, Samples } from '../../../src/policies/autoscaler/hpa/pods.ts';

export const NOW = 3_600_000;

/** When something of that age, in seconds, was. */
export const ago = (ageSec: number): number => NOW - ageSec * 1000;

export const READINESS: Readiness = { cpuInitialization: 120_000, delay: 10_000 };

const AGE = z.number().min(0).nullish();

export const POD = z.object({
  id: z.string().optional(),
  phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']).optional(),
  deleted: z.boolean().optional(),
  ready: z.boolean().nullish(),
  startAgeSec: AGE,
  readyTransitionAgeSec: AGE,
  requestMilli: z.int().nullish(),
});

const at = (ageSec: number | null | undefined): number | null =>
  ageSec === null || ageSec === undefined ? null : ago(ageSec);

export const podOf = (row: z.output<typeof POD>): Pod => ({
  id: row.id ?? 'pod',
  phase: row.phase ?? 'Running',
  deleted: row.deleted ?? false,
  ready: row.ready ?? null,
  startedAt: at(row.startAgeSec),
  readyChangedAt: at(row.readyTransitionAgeSec),
  requestMilli: row.requestMilli ?? null,
});

export const METRIC = z.object({ ageSec: z.number(), windowSec: z.number() });

/** By pod: its value, taken now over the minute before. */
export const samplesOf = (values: Readonly<Record<string, number>>): Samples =>
  new Map(
    Object.entries(values).map(([id, milli]) => [id, { milli, at: NOW, window: 60_000 }] as const),
  );

/** [down, up]; a tenth each where a case says nothing. */
export const TOLERANCE = z
  .tuple([z.number(), z.number()])
  .default([0.1, 0.1])
  .transform(([down, up]) => ({ down, up }));

export const RULES = z
  .object({
    selectPolicy: z.enum(['Max', 'Min', 'Disabled']).nullish(),
    stabilizationWindowSeconds: z.number().nullish(),
    policies: z
      .array(
        z.object({
          type: z.enum(['Pods', 'Percent']),
          value: z.number(),
          periodSeconds: z.number(),
        }),
      )
      .nullish(),
  })
  .transform(({ selectPolicy, stabilizationWindowSeconds, policies }): ScalingRules => ({
    select: SELECT[selectPolicy ?? 'Max'],
    window: (stabilizationWindowSeconds ?? 0) * 1000,
    policies: (policies ?? []).map(({ type, value, periodSeconds }) => {
      const period = periodSeconds * 1000;
      return type === 'Pods' ? { pods: value, period } : { percent: value / 100, period };
    }),
  }));

const SELECT = { Max: 'max', Min: 'min', Disabled: 'disabled' } as const;

/** The behaviour of a case that gives both directions, or has none. */
export const behaviorOf = (
  up: ScalingRules | null | undefined,
  down: ScalingRules | null | undefined,
): Behavior | null => (up && down ? { up, down } : null);

export const EVENTS = z
  .array(z.object({ change: z.int(), ageSec: z.number() }))
  .default([])
  .transform((events) => events.map(({ change, ageSec }) => ({ change, at: ago(ageSec) })));

export const RECOMMENDATION = z.object({ replicas: z.int(), ageSec: z.number() });

export const recommendationsOf = (rows: readonly z.output<typeof RECOMMENDATION>[]) =>
  rows.map(({ replicas, ageSec }) => ({ replicas, at: ago(ageSec) }));

/** Null when every field that the case expects is what was got. */
export const differs = (
  expected: Readonly<Record<string, unknown>>,
  got: object,
): string | null => {
  const wrong = Object.entries(expected).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(got, key)),
  );
  return wrong.length === 0
    ? null
    : wrong
        .map(
          ([key, value]) => `${key}: expected ${show(value)}, got ${show(Reflect.get(got, key))}`,
        )
        .join('; ');
};

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
