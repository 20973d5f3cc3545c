/** The triggers of a KEDA ScaledObject: what each measures, and its target. Those that are not simulated are refused. */
import { z } from 'zod';
import { gotButAllowed } from '../../../core/units.ts';
import { editDistance } from '../../suggest.ts';
import { placeOf, type Path } from '../../tree.ts';
import { readPart, refuseAt, type Draft } from '../draft.ts';
import { meaningsOf, METRIC_ALLOWED, type FleetMeasure } from '../metric-names.ts';
import { zNumberText } from '../quantities.ts';
import type { Resource } from '../resources.ts';

export const zTrigger = z.strictObject({
  type: z.string(),
  name: z.string().optional(),
  metricType: z.enum(['AverageValue', 'Value', 'Utilization']).optional(),
  useCachedMetrics: z.boolean().optional(),
  authenticationRef: z.unknown().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
type Trigger = z.output<typeof zTrigger>;

interface Queue {
  /** The keys of its metadata that say its target, and its activation. */
  readonly target: string;
  readonly activation: string;
  /** It counts what waits alone: always, or where its metadata say so. */
  readonly waiting?: true;
  readonly waitingIf?: { readonly key: string; readonly value: string };
}

const QUEUES: Readonly<Record<string, Queue>> = {
  rabbitmq: {
    target: 'value',
    activation: 'activationValue',
    waitingIf: { key: 'excludeUnacknowledged', value: 'true' },
  },
  kafka: { target: 'lagThreshold', activation: 'activationLagThreshold' },
  'aws-sqs-queue': {
    target: 'queueLength',
    activation: 'activationQueueLength',
    waitingIf: { key: 'scaleOnInFlight', value: 'false' },
  },
  'azure-queue': {
    target: 'queueLength',
    activation: 'activationQueueLength',
    waitingIf: { key: 'queueLengthStrategy', value: 'visibleonly' },
  },
  'azure-servicebus': { target: 'messageCount', activation: 'activationMessageCount' },
  'gcp-pubsub': { target: 'value', activation: 'activationValue' },
  'nats-jetstream': { target: 'lagThreshold', activation: 'activationLagThreshold' },
  redis: { target: 'listLength', activation: 'activationListLength', waiting: true },
  'redis-streams': { target: 'pendingEntriesCount', activation: 'activationLagCount' },
  prometheus: { target: 'threshold', activation: 'activationThreshold' },
  'metrics-api': { target: 'targetValue', activation: 'activationTargetValue' },
};

/** Triggers whose measure only their query or name tells. */
const TOLD_BY: Readonly<Record<string, readonly string[]>> = {
  prometheus: ['metricName', 'query'],
  'metrics-api': ['valueLocation', 'url'],
};

export type Measure =
  | { readonly kind: 'cpu'; readonly share: string; readonly path: Path }
  | {
      readonly kind: FleetMeasure;
      readonly target: number;
      readonly per: 'perServer' | 'total';
      readonly activation: { readonly value: number; readonly path: Path } | null;
      readonly waiting: boolean;
      readonly path: Path;
    };

export const measureOf = (
  draft: Draft,
  source: Resource,
  trigger: Trigger,
  path: Path,
): Measure => {
  const { type, metadata, metricType } = trigger;
  if (type === 'cpu') return cpuOf(source, trigger, path);
  const queue = QUEUES[type];
  if (queue === undefined) {
    const allowed = ['cpu', 'cron', ...Object.keys(QUEUES)].join(', ');
    return refuseAt(source, [...path, 'type'], gotButAllowed(type, allowed));
  }
  refuseSlips(source, trigger, path, keysOf(type, queue));
  const targetPath = [...path, 'metadata', queue.target];
  const target = readPart(zNumberText, source, targetPath);
  if (metricType === 'Utilization')
    refuseAt(source, [...path, 'metricType'], gotButAllowed(metricType, 'AverageValue or Value'));
  const { kind, waiting } = meantBy(source, trigger, queue, path);
  draft.assume(`the trigger ${type} is taken for \`${kind}\``, placeOf(source.tree, path));
  const activationPath = [...path, 'metadata', queue.activation];
  const activation =
    metadata[queue.activation] === undefined
      ? null
      : { value: readPart(zNumberText, source, activationPath), path: activationPath };
  const per = metricType === 'Value' ? 'total' : 'perServer';
  return { kind, target, per, activation, waiting, path: targetPath };
};

const keysOf = (type: string, { target, activation, waitingIf }: Queue): readonly string[] => [
  target,
  activation,
  ...(waitingIf === undefined ? [] : [waitingIf.key]),
  ...(TOLD_BY[type] ?? []),
];

/**
 * A key that is nearly one of those read here is a slip: KEDA would take its default in silence. All others are how to
 * reach the source, and none of our business.
 */
const refuseSlips = (
  source: Resource,
  { metadata }: Trigger,
  path: Path,
  read: readonly string[],
): void => {
  for (const key of Object.keys(metadata)) {
    if (read.includes(key)) continue;
    const meant = read.find((each) => editDistance(key, each) <= Math.floor(each.length / 4));
    if (meant === undefined) continue;
    const message = `unknown key; did you mean \`${meant}\`?`;
    refuseAt(source, [...path, 'metadata', key], message, 'key');
  }
};

const cpuOf = (source: Resource, { metadata, metricType }: Trigger, path: Path): Measure => {
  const written = metadata['value'] === undefined ? metadata : { value: metadata['value'] };
  const isUtilisation = (metricType ?? metadata['type'] ?? 'Utilization') === 'Utilization';
  if (!('value' in written) || !isUtilisation)
    return refuseAt(source, path, 'allowed: metricType Utilization with metadata.value');
  const at = [...path, 'metadata', 'value'];
  return { kind: 'cpu', share: `${readPart(zNumberText, source, at)}%`, path: at };
};

interface Meant {
  readonly kind: FleetMeasure;
  readonly waiting: boolean;
}

/** A broker's queue by its type, everything else by its words: a backlog is what waits, unless work is spoken of too. */
const meantBy = (
  source: Resource,
  { type, metadata }: Trigger,
  { waiting, waitingIf }: Queue,
  path: Path,
): Meant => {
  if (type === 'rabbitmq' && metadata['mode'] === 'MessageRate')
    return { kind: 'arrivals', waiting: false };
  const keys = TOLD_BY[type];
  if (keys === undefined) {
    const isSaid = waitingIf !== undefined && String(metadata[waitingIf.key]) === waitingIf.value;
    return { kind: 'backlog', waiting: waiting ?? isSaid };
  }
  const told = keys.map((key) => metadata[key]).filter((text) => typeof text === 'string');
  const meanings = told.map(meaningsOf).find(({ length }) => length > 0) ?? [];
  const kinds = meanings.map(({ fleet }) => fleet);
  const [kind] = kinds;
  if (kind !== undefined)
    return { kind, waiting: kind === 'backlog' && !kinds.includes('concurrency') };
  const at = [...path, 'metadata', keys.find((key) => key in metadata) ?? keys[0]!];
  return refuseAt(source, at, `this is not simulated; allowed: ${METRIC_ALLOWED}`);
};
