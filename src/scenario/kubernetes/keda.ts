/**
 * A KEDA ScaledObject (keda.sh/v1alpha1, KEDA 2.17). One trigger that measures a queue is the `queue` policy; others, or
 * several, are what KEDA makes of them, an HPA, as long as the fleet never sleeps. Defaults are KEDA's: poll 30 s,
 * cooldown 300 s, 0 to 100 replicas. Triggers that are no load (cron) or not simulated (memory) are refused.
 */
import { z } from 'zod';
import { gotButAllowed } from '../../core/units.ts';
import { placeOf, type Path } from '../tree.ts';
import { readPart, refuseAt, type Draft, type Plain } from './draft.ts';
import { behaviorOf, zHpaBehavior } from './hpa/behavior.ts';
import { takeRequest } from './hpa/request.ts';
import { meaningOf, METRIC_ALLOWED, type FleetMeasure } from './metric-names.ts';
import { seconds, type PodReading } from './pods.ts';
import { zNumberText } from './quantities.ts';
import type { Resource } from './resources.ts';

export const isScaledObject = ({ kind }: Resource): boolean => kind === 'ScaledObject';

const zRef = z.looseObject({ name: z.string(), kind: z.string().optional() });
const zTarget = z.looseObject({ scaleTargetRef: zRef });
const zTrigger = z.looseObject({
  type: z.string(),
  metricType: z.enum(['AverageValue', 'Value', 'Utilization']).optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
const zSpec = z.strictObject({
  scaleTargetRef: zRef,
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
type Trigger = z.output<typeof zTrigger>;

export const targetOfScaledObject = (source: Resource): string =>
  readPart(zTarget, source, ['spec']).scaleTargetRef.name;

/** Where a trigger says its target, and its activation; `waiting`: it counts what waits alone. */
const QUEUES: Readonly<
  Record<string, { readonly target: string; readonly activation: string; readonly waiting?: true }>
> = {
  rabbitmq: { target: 'value', activation: 'activationValue' },
  kafka: { target: 'lagThreshold', activation: 'activationLagThreshold' },
  'aws-sqs-queue': { target: 'queueLength', activation: 'activationQueueLength' },
  'azure-queue': { target: 'queueLength', activation: 'activationQueueLength' },
  'azure-servicebus': { target: 'messageCount', activation: 'activationMessageCount' },
  'gcp-pubsub': { target: 'value', activation: 'activationValue' },
  'nats-jetstream': { target: 'lagThreshold', activation: 'activationLagThreshold' },
  redis: { target: 'listLength', activation: 'activationListLength', waiting: true },
  'redis-streams': { target: 'pendingEntriesCount', activation: 'activationLagCount' },
  prometheus: { target: 'threshold', activation: 'activationThreshold' },
  'metrics-api': { target: 'targetValue', activation: 'activationTargetValue' },
};

/** Triggers whose measure only their query or name tells. */
const TOLD_BY = { prometheus: ['metricName', 'query'], 'metrics-api': ['valueLocation', 'url'] };

type Measure =
  | { readonly kind: 'cpu'; readonly share: string; readonly path: Path }
  | {
      readonly kind: FleetMeasure;
      readonly target: number;
      readonly per: 'perServer' | 'total';
      readonly activation: { readonly value: number; readonly path: Path } | null;
      readonly waiting: boolean;
      readonly path: Path;
    };

export const takeScaledObject = (draft: Draft, source: Resource, pod: PodReading | null): void => {
  const spec = readPart(zSpec, source, ['spec']);
  const measures = spec.triggers.map((trigger, index) =>
    measureOf(draft, source, trigger, ['spec', 'triggers', index]),
  );
  const [first] = measures;
  const isQueue = measures.length === 1 && first?.kind === 'backlog' && first.per === 'perServer';
  if (isQueue) takeQueue(draft, source, spec, first);
  else takeAsHpa(draft, source, spec, measures, pod);
  const behavior = spec.advanced?.horizontalPodAutoscalerConfig?.behavior;
  if (behavior !== undefined) {
    const path = ['spec', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior'];
    draft.take(
      `autoscaler.${isQueue ? 'queue' : 'hpa'}.behavior`,
      behaviorOf(behavior),
      source,
      path,
    );
  }
};

const measureOf = (draft: Draft, source: Resource, trigger: Trigger, path: Path): Measure => {
  const { type, metadata, metricType } = trigger;
  if (type === 'cpu') return cpuOf(source, trigger, path);
  const queue = QUEUES[type];
  if (queue === undefined) {
    const allowed = ['cpu', ...Object.keys(QUEUES)].join(', ');
    return refuseAt(source, [...path, 'type'], gotButAllowed(type, allowed));
  }
  const targetPath = [...path, 'metadata', queue.target];
  const target = readPart(zNumberText, source, targetPath);
  if (metricType === 'Utilization')
    refuseAt(source, [...path, 'metricType'], gotButAllowed(metricType, 'AverageValue or Value'));
  const kind = kindOf(source, trigger, path);
  draft.assume(`the trigger ${type} is taken for \`${kind}\``, placeOf(source.tree, path));
  const activationPath = [...path, 'metadata', queue.activation];
  const activation =
    metadata[queue.activation] === undefined
      ? null
      : { value: readPart(zNumberText, source, activationPath), path: activationPath };
  const per = metricType === 'Value' ? 'total' : 'perServer';
  return { kind, target, per, activation, waiting: queue.waiting ?? false, path: targetPath };
};

const cpuOf = (source: Resource, { metadata, metricType }: Trigger, path: Path): Measure => {
  const written = metadata['value'] === undefined ? metadata : { value: metadata['value'] };
  const isUtilisation = (metricType ?? metadata['type'] ?? 'Utilization') === 'Utilization';
  if (!('value' in written) || !isUtilisation)
    return refuseAt(source, path, 'allowed: metricType Utilization with metadata.value');
  const at = [...path, 'metadata', 'value'];
  return { kind: 'cpu', share: `${readPart(zNumberText, source, at)}%`, path: at };
};

const kindOf = (source: Resource, { type, metadata }: Trigger, path: Path): FleetMeasure => {
  if (type === 'rabbitmq' && metadata['mode'] === 'MessageRate') return 'arrivals';
  const keys = TOLD_BY[type as keyof typeof TOLD_BY] as readonly string[] | undefined;
  if (keys === undefined) return 'backlog';
  const told = keys.map((key) => metadata[key]).filter((text) => typeof text === 'string');
  const meaning = told.map(meaningOf).find((of) => of !== null);
  if (meaning) return meaning.fleet;
  const at = [...path, 'metadata', keys.find((key) => key in metadata) ?? keys[0]!];
  return refuseAt(source, at, `this is not simulated; allowed: ${METRIC_ALLOWED}`);
};

const takeQueue = (
  draft: Draft,
  source: Resource,
  spec: Spec,
  measure: Exclude<Measure, { kind: 'cpu' }>,
): void => {
  const take = (option: string, value: Plain, path: Path): void =>
    draft.take(`autoscaler.queue.${option}`, value, source, path);
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
  pod: PodReading | null,
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
  draft.take('autoscaler.hpa.min', spec.minReplicaCount, source, ['spec', 'minReplicaCount']);
  draft.take('autoscaler.hpa.max', spec.maxReplicaCount, source, ['spec', 'maxReplicaCount']);
  const seen = new Set<string>();
  for (const measure of measures) {
    const { kind, path } = measure;
    if (seen.has(kind)) refuseAt(source, path, `a second trigger for \`${kind}\`; allowed: one`);
    seen.add(kind);
    draft.take(`autoscaler.hpa.${kind}`, hpaTarget(measure), source, path);
  }
  if (pod !== null) takeRequest(draft, pod);
};

const hpaTarget = (measure: Measure): Plain => {
  if (measure.kind === 'cpu') return measure.share;
  const { kind, per, target } = measure;
  return { [per]: kind === 'arrivals' ? `${target}/s` : target };
};
