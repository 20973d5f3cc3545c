/**
 * KEDA ScaledObjects: of the `queue` policy, and of an `hpa` that a schedule raises, since an HPA of its own knows no
 * clock. KEDA has no metrics of single pods, so theirs are written as sums over all, for each pod.
 */
import { formatDuration, type Millis } from '../../../core/units.ts';
import { EXPORTED_NAMES } from '../metric-names.ts';
import { behaviorOf, type Tuning } from './behavior.ts';
import { FLEET, PODS, remarkOnFlags, wholePercent, type HpaChoice, type Metrics } from './hpa.ts';
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

interface About {
  /** Of what it scales. */
  readonly name: string;
  /** Triggers by the clock, beside those of the load. */
  readonly crons: readonly object[];
}

export const scaledQueue = (options: QueueChoice, about: About, remark: Remark): object => {
  const { fallback } = options;
  if (options.every !== 15_000) {
    const shown = formatDuration(options.every);
    remark(`autoscaler.queue.every: ${shown}: a flag of the cluster, not of KEDA`);
  }
  const own = {
    pollingInterval: Math.max(1, wholeSeconds(options.poll, 'autoscaler.queue.poll', remark)),
    cooldownPeriod: wholeSeconds(options.cooldown, 'autoscaler.queue.cooldown', remark),
    ...(fallback && {
      fallback: {
        failureThreshold: fallback.failures,
        replicas: fallback.servers,
        behavior: FALLBACKS[fallback.behavior],
      },
    }),
  };
  const query = { query: queryOf(options), threshold: String(options.perServer) };
  const trigger = prometheus({ ...query, activationThreshold: String(options.activation) });
  const behavior = behaviorOf('queue', options, remark);
  return scaledObject(options, about, { own, triggers: [trigger], behavior });
};

export const scaledHpa = (options: HpaChoice, about: About, remark: Remark): object => {
  remarkOnFlags(options, remark);
  const measured = [options, ...(options.metrics ?? [])];
  const triggers = measured.flatMap((metrics) => triggersOf(metrics, remark));
  const behavior = behaviorOf('hpa', options, remark);
  const usual = triggers.length > 0 ? triggers : triggersOf({ cpu: 0.8 }, remark);
  return scaledObject(options, about, { own: {}, triggers: usual, behavior });
};

interface Written {
  readonly own: object;
  readonly triggers: readonly object[];
  readonly behavior: object | undefined;
}

const scaledObject = (
  { min, max }: { readonly min: number; readonly max: number },
  { name, crons }: About,
  { own, triggers, behavior }: Written,
): object => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: `${name}-scaler` },
  spec: {
    scaleTargetRef: { name },
    minReplicaCount: min,
    maxReplicaCount: max,
    ...own,
    ...(behavior && { advanced: { horizontalPodAutoscalerConfig: { behavior } } }),
    triggers: [...triggers, ...crons],
  },
});

const prometheus = (metadata: object, metricType?: 'Value'): object => ({
  type: 'prometheus',
  ...(metricType && { metricType }),
  metadata: { serverAddress: 'http://prometheus.monitoring:9090', ...metadata },
});

/** What waits; and what is at work, unless it was left out. */
const queryOf = ({ atWork }: QueueChoice): string =>
  atWork ? `${sum('backlog')} + ${sum('atWork')}` : sum('backlog');

const sum = (name: keyof typeof EXPORTED_NAMES): string => `sum(${EXPORTED_NAMES[name]})`;

const triggersOf = (of: Metrics, remark: Remark): object[] => [
  ...(of.cpu === undefined ? [] : [cpuTrigger(of.cpu)]),
  ...PODS.flatMap((name) => {
    const threshold = of[name];
    if (threshold === undefined) return [];
    remark(`autoscaler.hpa.${name}: KEDA knows no metric of a pod: the sum of all, for each pod`);
    return [prometheus({ query: sum(name), threshold: String(threshold) })];
  }),
  ...FLEET.flatMap((name) => {
    const { perServer, total } = of[name] ?? {};
    if (perServer !== undefined)
      return [prometheus({ query: sum(name), threshold: String(perServer) })];
    if (total === undefined) return [];
    return [prometheus({ query: sum(name), threshold: String(total) }, 'Value')];
  }),
];

const cpuTrigger = (share: number): object => ({
  type: 'cpu',
  metricType: 'Utilization',
  metadata: { value: String(wholePercent(share)) },
});
