/** The `queue` policy as a KEDA ScaledObject. */
import { formatDuration, type Millis } from '../../../core/units.ts';
import { EXPORTED_NAMES } from '../metric-names.ts';
import { behaviorOf, type Tuning } from './behavior.ts';
import { wholeSeconds, type Remark } from './remarks.ts';

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
