/**
 * A KEDA ScaledObject (keda.sh/v1alpha1, KEDA 2.17). One trigger that measures a queue is the `queue` policy; others, or
 * several, are what KEDA makes of them, an HPA, as long as the fleet never sleeps; cron triggers beside them put the
 * `schedule` policy above. Defaults are KEDA's: poll 30 s, cooldown 300 s, 0 to 100 replicas.
 */
import { z } from 'zod';
import type { Path } from '../../tree.ts';
import { readPart, refuseAt, type Draft, type Plain } from '../draft.ts';
import { behaviorOf, zHpaBehavior } from '../hpa/behavior.ts';
import { takeMetrics } from '../hpa/metrics.ts';
import { takeRequest } from '../hpa/request.ts';
import type { PodReading } from '../pods.ts';
import { seconds } from '../quantities.ts';
import type { Resource } from '../resources.ts';
import { takeSchedule } from './schedule.ts';
import { measureOf, zTrigger, type Measure } from './triggers.ts';

export const isScaledObject = ({ kind }: Resource): boolean => kind === 'ScaledObject';

const zSpec = z.strictObject({
  scaleTargetRef: z.strictObject({
    name: z.string(),
    kind: z.string().optional(),
    apiVersion: z.string().optional(),
    envSourceContainerName: z.string().optional(),
  }),
  minReplicaCount: z.int().min(0).default(0),
  maxReplicaCount: z.int().min(1).default(100),
  pollingInterval: z.int().min(1).default(30),
  cooldownPeriod: z.int().min(0).default(300),
  initialCooldownPeriod: z.literal(0).optional(),
  idleReplicaCount: z.literal(0).optional(),
  fallback: z
    .strictObject({
      failureThreshold: z.int().min(1),
      replicas: z.int().min(1),
      behavior: z
        .enum(['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower'])
        .default('static'),
    })
    .optional(),
  advanced: z
    .strictObject({
      restoreToOriginalReplicaCount: z.boolean().optional(),
      horizontalPodAutoscalerConfig: z
        .strictObject({ name: z.string().optional(), behavior: zHpaBehavior.optional() })
        .optional(),
    })
    .optional(),
  triggers: z.array(zTrigger).min(1),
});
type Spec = z.output<typeof zSpec>;

export const takeScaledObject = (draft: Draft, source: Resource, pod: PodReading | null): void => {
  refusePaused(source);
  const spec = readPart(zSpec, source, ['spec']);
  const triggers = spec.triggers.map((trigger, index) => ({
    trigger,
    path: ['spec', 'triggers', index],
  }));
  const crons = triggers.filter(({ trigger }) => trigger.type === 'cron');
  const loads = triggers.filter(({ trigger }) => trigger.type !== 'cron');
  if (loads.length === 0) {
    const message = 'a cron trigger is no load; allowed: beside a trigger that measures some';
    refuseAt(source, ['spec', 'triggers'], message);
  }
  const measures = loads.map(({ trigger, path }) => measureOf(draft, source, trigger, path));
  const above = crons.length === 0 ? 'autoscaler' : 'autoscaler.schedule.under';
  if (crons.length > 0) {
    const paths = crons.map(({ path }) => path);
    takeSchedule(draft, source, paths);
  }
  const [first] = measures;
  const isQueue = measures.length === 1 && first?.kind === 'backlog' && first.per === 'perServer';
  const key = `${above}.${isQueue ? 'queue' : 'hpa'}`;
  if (isQueue) takeQueue(draft, source, spec, first, key);
  else takeAsHpa(draft, source, spec, measures, key);
  if (!isQueue && pod !== null) takeRequest(draft, pod, key);
  const behavior = spec.advanced?.horizontalPodAutoscalerConfig?.behavior;
  if (behavior === undefined) return;
  const path = ['spec', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior'];
  draft.take(`${key}.behavior`, behaviorOf(behavior), source, path);
};

const zMeta = z.looseObject({ annotations: z.record(z.string(), z.unknown()).nullish() });
const PAUSED = 'autoscaling.keda.sh/paused';

/** `paused`, `paused-replicas`, `paused-scale-in`: what stands in the spec does not hold for now. */
const refusePaused = (source: Resource): void => {
  const { annotations } = readPart(zMeta, source, ['metadata']);
  for (const [name, value] of Object.entries(annotations ?? {})) {
    if (!name.startsWith(PAUSED) || String(value) === 'false') continue;
    const path = ['metadata', 'annotations', name];
    refuseAt(source, path, 'scaling is paused; allowed: a ScaledObject that scales', 'key');
  }
};

const takeQueue = (
  draft: Draft,
  source: Resource,
  spec: Spec,
  measure: Exclude<Measure, { kind: 'cpu' }>,
  key: string,
): void => {
  const take = (option: string, value: Plain, path: Path): void =>
    draft.take(`${key}.${option}`, value, source, path);
  if (spec.idleReplicaCount === 0 && spec.minReplicaCount > 0)
    refuseAt(
      source,
      ['spec', 'idleReplicaCount'],
      'allowed: nothing beside a minReplicaCount above 0',
    );
  take('min', spec.minReplicaCount, ['spec', 'minReplicaCount']);
  take('max', spec.maxReplicaCount, ['spec', 'maxReplicaCount']);
  take('perServer', measure.target, measure.path);
  if (measure.activation !== null)
    take('activation', measure.activation.value, measure.activation.path);
  if (measure.waiting) take('atWork', false, measure.path);
  take('poll', seconds(spec.pollingInterval), ['spec', 'pollingInterval']);
  take('cooldown', seconds(spec.cooldownPeriod), ['spec', 'cooldownPeriod']);
  if (spec.fallback === undefined) return;
  const { failureThreshold, replicas, behavior } = spec.fallback;
  const fallback = { failures: failureThreshold, servers: replicas, behavior: FALLBACKS[behavior] };
  take('fallback', fallback, ['spec', 'fallback']);
};

const FALLBACKS = {
  static: 'static',
  currentReplicas: 'current',
  currentReplicasIfHigher: 'current-if-higher',
  currentReplicasIfLower: 'current-if-lower',
} as const;

const takeAsHpa = (
  draft: Draft,
  source: Resource,
  spec: Spec,
  measures: readonly Measure[],
  key: string,
): void => {
  if (spec.minReplicaCount === 0) {
    const message = 'got 0; allowed: at least 1, unless one trigger that measures a queue wakes it';
    refuseAt(source, ['spec', 'minReplicaCount'], message);
  }
  if (spec.fallback !== undefined)
    refuseAt(
      source,
      ['spec', 'fallback'],
      'allowed: with one trigger that measures a queue',
      'key',
    );
  draft.take(`${key}.min`, spec.minReplicaCount, source, ['spec', 'minReplicaCount']);
  draft.take(`${key}.max`, spec.maxReplicaCount, source, ['spec', 'maxReplicaCount']);
  const options = measures.map((measure) => ({
    option: measure.kind,
    value: hpaTarget(measure),
    path: measure.path,
  }));
  takeMetrics(draft, source, options, { key, list: ['spec', 'triggers'] });
};

const hpaTarget = (measure: Measure): Plain => {
  if (measure.kind === 'cpu') return measure.share;
  const { kind, per, target } = measure;
  return { [per]: kind === 'arrivals' ? `${target}/s` : target };
};
