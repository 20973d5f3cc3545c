/** The `kpa` policy as annotations of a Knative Service, the `queue` policy as a KEDA ScaledObject. */
import { formatDuration, type Millis } from '../../../core/units.ts';
import { EXPORTED_NAMES } from '../metric-names.ts';
import { behaviorOf, type Tuning } from './behavior.ts';
import { wholeSeconds, type Remark } from './remarks.ts';

export interface KpaChoice {
  readonly metric: 'concurrency' | 'rps';
  readonly target: number | null;
  readonly utilisation: number;
  readonly window: Millis;
  readonly panicWindow: number;
  readonly panicThreshold: number;
  readonly average: 'linear' | 'weighted';
  readonly maxUp: number;
  readonly maxDown: number;
  readonly scaleDownDelay: Millis;
  readonly activationScale: number;
  readonly burst: number | 'always';
  readonly grace: Millis;
  readonly retention: Millis;
  readonly min: number;
  readonly max: number | null;
}

/** What config-autoscaler sets for all. */
const CLUSTER = { maxUp: 1000, maxDown: 2, grace: 30_000 } as const;

export const knativeAnnotations = (options: KpaChoice, remark: Remark): Record<string, string> => {
  for (const key of ['maxUp', 'maxDown', 'grace'] as const) {
    const value = options[key];
    if (value === CLUSTER[key]) continue;
    const shown = key === 'grace' ? formatDuration(value) : `${value}x`;
    remark(`autoscaler.kpa.${key}: ${shown}: a matter of config-autoscaler, for all services`);
  }
  const percent = (share: number): string => String(Number((share * 100).toPrecision(9)));
  const annotations: Record<string, string | null> = {
    metric: options.metric,
    target: options.target === null ? null : String(options.target),
    'target-utilization-percentage': percent(options.utilisation),
    window: formatDuration(options.window),
    'panic-window-percentage': percent(options.panicWindow),
    'panic-threshold-percentage': percent(options.panicThreshold),
    'metric-aggregation-algorithm': options.average === 'linear' ? 'linear' : 'weightedExponential',
    'scale-down-delay': formatDuration(options.scaleDownDelay),
    'scale-to-zero-pod-retention-period': formatDuration(options.retention),
    'activation-scale': String(options.activationScale),
    'target-burst-capacity': options.burst === 'always' ? '-1' : String(options.burst),
    'min-scale': String(options.min),
    'max-scale': String(options.max ?? 0),
  };
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) =>
      value === null ? [] : [[`autoscaling.knative.dev/${key}`, value] as const],
    ),
  );
};

export interface QueueChoice extends Tuning {
  readonly max: number;
  readonly perServer: number;
  readonly atWork: boolean;
  readonly activation: number;
  readonly poll: Millis;
  readonly cooldown: Millis;
  readonly fallback: null | {
    readonly failures: number;
    readonly servers: number;
    readonly behavior: keyof typeof FALLBACKS;
  };
}

const FALLBACKS = {
  static: 'static',
  current: 'currentReplicas',
  'current-if-higher': 'currentReplicasIfHigher',
  'current-if-lower': 'currentReplicasIfLower',
} as const;

const PROMETHEUS = 'http://prometheus.monitoring:9090';

export const scaledObjectOf = (options: QueueChoice, name: string, remark: Remark): object => {
  const { fallback } = options;
  if (options.every !== 15_000) {
    const shown = formatDuration(options.every);
    remark(`autoscaler.queue.every: ${shown}: a flag of the cluster, not of KEDA`);
  }
  const behavior = behaviorOf('queue', options, remark);
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: `${name}-queue` },
    spec: {
      scaleTargetRef: { name },
      minReplicaCount: options.min,
      maxReplicaCount: options.max,
      pollingInterval: Math.max(1, wholeSeconds(options.poll, 'autoscaler.queue.poll', remark)),
      cooldownPeriod: wholeSeconds(options.cooldown, 'autoscaler.queue.cooldown', remark),
      ...(fallback && {
        fallback: {
          failureThreshold: fallback.failures,
          replicas: fallback.servers,
          behavior: FALLBACKS[fallback.behavior],
        },
      }),
      ...(behavior && {
        advanced: { horizontalPodAutoscalerConfig: { behavior } },
      }),
      triggers: [
        {
          type: 'prometheus',
          metadata: {
            serverAddress: PROMETHEUS,
            query: queryOf(options),
            threshold: String(options.perServer),
            activationThreshold: String(options.activation),
          },
        },
      ],
    },
  };
};

/** What waits; and what is at work, unless it was left out. */
const queryOf = ({ atWork }: QueueChoice): string => {
  const waiting = `sum(${EXPORTED_NAMES.backlog})`;
  return atWork ? `${waiting} + sum(${EXPORTED_NAMES.atWork})` : waiting;
};
