/**
 * Whole turns of the HPA's loop: metrics over the reported levels, then history, limits and bounds. Level i belongs to
 * pod i; levels beyond the pods belong to pods that nobody knows. A metric of the whole is the sum of the levels.
 */
import { z } from 'zod';
import {
  plainAverage,
  resourceUtilisation,
} from '../../../src/policies/autoscaler/hpa/pod-metrics.ts';
import type { Proposal } from '../../../src/policies/autoscaler/hpa/proposal.ts';
import { freshHistory, reconcile } from '../../../src/policies/autoscaler/hpa/reconcile.ts';
import {
  averageValueMetric,
  valueMetric,
} from '../../../src/policies/autoscaler/hpa/total-metrics.ts';
import { ruleOf } from '../rule.ts';
import * as shapes from './shapes.ts';

const REPLICAS = z.int().min(0);

const METRIC = z.object({
  type: z.string(),
  resource: z.string().optional(),
  targetType: z.string().optional(),
  targetMilli: z.number().optional(),
  targetUtilizationPercent: z.number().optional(),
  error: z.boolean().optional(),
});

const ROW = z.object({
  minReplicas: REPLICAS.nullish(),
  maxReplicas: REPLICAS,
  currentReplicas: REPLICAS,
  statusReplicas: REPLICAS.optional(),
  metrics: z.array(METRIC),
  reportedLevelsMilli: z.array(z.number()).default([]),
  pods: z.array(shapes.POD),
  scaleUp: shapes.RULES.nullish(),
  scaleDown: shapes.RULES.nullish(),
  scaleUpEvents: shapes.EVENTS,
  scaleDownEvents: shapes.EVENTS,
  tolerance: shapes.TOLERANCE,
  recommendations: z.array(shapes.RECOMMENDATION).nullable(),
  expected: z.object({ replicas: REPLICAS }),
});

type Row = z.output<typeof ROW>;
type Metric = z.output<typeof METRIC>;

export const reconcileOnce = ruleOf(ROW, (row) => {
  const { recommendations, scaleUpEvents: up, scaleDownEvents: down } = row;
  const spec = {
    min: row.minReplicas ?? 1,
    max: row.maxReplicas,
    behavior: shapes.behaviorOf(row.scaleUp, row.scaleDown),
    stabilization: 300_000,
  };
  const proposals = row.metrics.map((metric) => proposal(row, metric));
  const history = {
    ...freshHistory(),
    recommendations: recommendations && shapes.recommendationsOf(recommendations),
    up,
    down,
  };
  const current = row.currentReplicas;
  return shapes.differs(row.expected, reconcile(shapes.NOW, spec, current, proposals, history));
});

const proposal = (row: Row, metric: Metric): Proposal => {
  const { type, targetUtilizationPercent: percent, targetMilli = 0 } = metric;
  if (metric.error === true) return { failed: 'the case says so' };
  switch (type) {
    case 'Resource':
    case 'ContainerResource': {
      const perPod = { ...perPodOf(row), isCpu: (metric.resource ?? 'cpu') === 'cpu' };
      return percent === undefined
        ? plainAverage(shapes.NOW, perPod, targetMilli)
        : resourceUtilisation(shapes.NOW, perPod, percent);
    }
    case 'Pods':
      return plainAverage(shapes.NOW, { ...perPodOf(row), isCpu: false }, targetMilli);
    case 'Object':
    case 'External':
      return total(row, metric.targetType, targetMilli);
    default:
      return { failed: `there is no metric of type ${type}` };
  }
};

const perPodOf = ({ pods, reportedLevelsMilli, tolerance, currentReplicas: current }: Row) => {
  const idOf = (index: number): string => pods[index]?.id ?? `unknown-${index}`;
  const values = reportedLevelsMilli.map((milli, index) => [idOf(index), milli] as const);
  return {
    current,
    pods: pods.map(shapes.podOf),
    samples: shapes.samplesOf(Object.fromEntries(values)),
    tolerance,
    readiness: shapes.READINESS,
  };
};

const total = (row: Row, targetType: string | undefined, targetMilli: number): Proposal => {
  const { reportedLevelsMilli, currentReplicas: current, pods, tolerance } = row;
  if (reportedLevelsMilli.length === 0) return { failed: 'there is no value' };
  const metric = { valueMilli: reportedLevelsMilli.reduce((a, b) => a + b), targetMilli };
  if (targetType === 'AverageValue')
    return averageValueMetric(metric, row.statusReplicas ?? current, tolerance);
  const isReady = ({ phase, ready }: z.output<typeof shapes.POD>): boolean =>
    (phase ?? 'Running') === 'Running' && ready === true;
  return valueMetric(metric, { current, readyCount: pods.filter(isReady).length }, tolerance);
};
