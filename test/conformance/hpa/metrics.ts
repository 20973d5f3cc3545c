/** What single metrics of the HPA propose, and how it sorts pods, put to the calculations of `hpa`. */
import { z } from 'zod';
import {
  plainAverage,
  resourceUtilisation,
} from '../../../src/policies/autoscaler/hpa/pod-metrics.ts';
import { classify } from '../../../src/policies/autoscaler/hpa/pods.ts';
import type { Proposal } from '../../../src/policies/autoscaler/hpa/proposal.ts';
import {
  averageValueMetric,
  valueMetric,
} from '../../../src/policies/autoscaler/hpa/total-metrics.ts';
import { ruleOf } from '../rule.ts';
import * as shapes from './shapes.ts';

const REPLICAS = z.int().min(0);
const FAILURE = z.object({ error: z.literal(true) });

/** A metric that fails says so by `error`; any number of replicas would be wrong. */
const judge = (expected: Readonly<Record<string, unknown>>, got: Proposal): string | null =>
  shapes.differs(expected, 'failed' in got ? { error: true } : got);

const POD_METRIC = {
  currentReplicas: REPLICAS.default(0),
  pods: z.array(shapes.POD).default([]),
  metrics: z.record(z.string(), z.number()).default({}),
  tolerance: shapes.TOLERANCE,
};

const metricOf = (row: z.output<z.ZodObject<typeof POD_METRIC>>, resource: string | undefined) => ({
  current: row.currentReplicas,
  pods: row.pods.map(shapes.podOf),
  samples: shapes.samplesOf(row.metrics),
  tolerance: row.tolerance,
  readiness: shapes.READINESS,
  isCpu: resource === 'cpu',
});

export const resourceUtilizationReplicas = ruleOf(
  z.object({
    ...POD_METRIC,
    resource: z.string(),
    targetUtilizationPercent: z.int().min(1).default(100),
    expected: z.union([
      FAILURE,
      z.object({
        replicas: REPLICAS,
        utilizationPercent: z.int().optional(),
        rawMilliPerPod: z.int().optional(),
      }),
    ]),
  }),
  (row) =>
    judge(
      row.expected,
      resourceUtilisation(shapes.NOW, metricOf(row, row.resource), row.targetUtilizationPercent),
    ),
);

export const plainMetricReplicas = ruleOf(
  z.object({
    ...POD_METRIC,
    resource: z.string().optional(),
    targetMilli: z.number().positive().default(1000),
    expected: z.union([FAILURE, z.object({ replicas: REPLICAS, usageMilli: z.int().optional() })]),
  }),
  (row) =>
    judge(row.expected, plainAverage(shapes.NOW, metricOf(row, row.resource), row.targetMilli)),
);

const TOTAL = { valueMilli: z.number(), targetMilli: z.number(), tolerance: shapes.TOLERANCE };

export const valueMetricReplicas = ruleOf(
  z.object({
    ...TOTAL,
    currentReplicas: REPLICAS,
    readyPodCount: REPLICAS.optional(),
    expected: z.object({ replicas: REPLICAS }),
  }),
  ({ currentReplicas: current, readyPodCount: readyCount = current, ...row }) =>
    judge(row.expected, valueMetric(row, { current, readyCount }, row.tolerance)),
);

export const averageValueMetricReplicas = ruleOf(
  z.object({
    ...TOTAL,
    statusReplicas: REPLICAS,
    expected: z.object({ replicas: REPLICAS, usagePerPodMilli: z.int().optional() }),
  }),
  (row) => judge(row.expected, averageValueMetric(row, row.statusReplicas, row.tolerance)),
);

export const classifyPod = ruleOf(
  z.object({
    resource: z.string(),
    pod: shapes.POD,
    metric: shapes.METRIC.nullable(),
    expected: z.enum(['ready', 'unready', 'missing', 'ignored']),
  }),
  ({ resource, pod, metric, expected }) => {
    const sample =
      metric === null
        ? undefined
        : { milli: 1, at: shapes.ago(metric.ageSec), window: metric.windowSec * 1000 };
    const isCpu = resource === 'cpu';
    const got = classify(shapes.NOW, shapes.podOf(pod), sample, isCpu, shapes.READINESS);
    return got === expected ? null : `expected ${expected}, got ${got}`;
  },
);
