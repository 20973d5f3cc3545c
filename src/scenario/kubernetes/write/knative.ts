/** The `kpa` policy as a Knative Service, which is Deployment, Service and autoscaler in one. */
import { formatDuration } from '../../../core/units.ts';
import type { KpaOptions } from '../../../policies/autoscaler/kpa/kpa.ts';
import type { Setup } from '../../scenario.ts';
import { podOf } from './pod.ts';
import { remarkOnServers, type Remark } from './remarks.ts';

export const knativeService = (setup: Setup, name: string, remark: Remark): object => {
  const options = setup.autoscaler.options as unknown as KpaOptions;
  const { terminationGracePeriodSeconds: grace, ...pod } = podOf(setup, name, remark) as Record<
    string,
    unknown
  >;
  remark('timeoutSeconds is the drain: Knative ends requests after it, too');
  const limit = limitOf(setup, options, remark);
  remarkOnServers(setup, limit, remark);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name },
    spec: {
      template: {
        metadata: {
          annotations: {
            ...annotationsOf(options, remark),
            'autoscaling.knative.dev/initial-scale': String(setup.servers.count),
          },
        },
        spec: {
          timeoutSeconds: Math.max(1, Number(grace)),
          ...(limit !== null && { containerConcurrency: limit }),
          ...pod,
        },
      },
    },
  };
};

/** The slots as the hard limit of a container; Knative lowers a target of concurrency to it, so not where it would. */
const limitOf = (
  { servers }: Setup,
  { metric, target }: KpaOptions,
  remark: Remark,
): number | null => {
  const slots = servers.groups[0]?.slots ?? null;
  if (slots === null) return null;
  const wanted = target ?? USUAL_TARGET;
  if (slots > MOST_CONCURRENCY) {
    remark(`containerConcurrency is left out: Knative takes at most ${MOST_CONCURRENCY}`);
    return null;
  }
  if (metric === 'rps' || wanted <= slots) return slots;
  remark(
    `containerConcurrency is left out: at ${slots} it would lower the target of ${wanted} to it`,
  );
  return null;
};

/** `container-concurrency-max-limit` of config-defaults, as Knative ships it. */
const MOST_CONCURRENCY = 1000;

/** Of concurrency, where nobody says one. */
const USUAL_TARGET = 100;

/** What config-autoscaler sets for all. */
const CLUSTER = { maxUp: 1000, maxDown: 2, grace: 30_000 } as const;

const annotationsOf = (options: KpaOptions, remark: Remark): Record<string, string> => {
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
