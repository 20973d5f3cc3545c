/** The `hpa` policy as a HorizontalPodAutoscaler, and what of its options are flags of the control plane. */
import { formatDuration, formatShare } from '../../../core/units.ts';
import { EXPORTED_NAMES, type FleetMeasure, type PodMeasure } from '../metric-names.ts';
import { behaviorOf, quantity, type Tuning } from './behavior.ts';
import type { Remark } from './remarks.ts';

type Total = { readonly perServer?: number; readonly total?: number };
export type Metrics = { readonly cpu?: number } & { readonly [of in PodMeasure]?: number } & {
  readonly [of in FleetMeasure]?: Total;
};
export type HpaChoice = Metrics &
  Tuning & {
    readonly max: number;
    readonly metrics?: readonly Metrics[];
  } & { readonly [flag in keyof typeof FLAGS]?: number };

/** Options that are flags, with the cluster's defaults. */
const FLAGS = {
  every: 15_000,
  scrape: 15_000,
  lag: 0,
  cpuInitialization: 300_000,
  readinessDelay: 30_000,
} as const;

export const hpaOf = (options: HpaChoice, name: string, remark: Remark): object => {
  remarkOnFlags(options, remark);
  const metrics = [options, ...(options.metrics ?? [])].flatMap(metricsOf);
  const behavior = behaviorOf('hpa', options, remark);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: `${name}-hpa` },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: options.min,
      maxReplicas: options.max,
      metrics: metrics.length > 0 ? metrics : metricsOf({ cpu: 0.8 }),
      ...(behavior && { behavior }),
    },
  };
};

/** What the control plane sets for all, and what is rounded. */
export const remarkOnFlags = (options: HpaChoice, remark: Remark): void => {
  for (const [flag, usual] of Object.entries(FLAGS)) {
    const value = options[flag as keyof typeof FLAGS] ?? usual;
    if (value === usual) continue;
    remark(
      `autoscaler.hpa.${flag}: ${formatDuration(value)}: a flag of the cluster, not of an HPA`,
    );
  }
  for (const { cpu = 1 } of [options, ...(options.metrics ?? [])]) {
    if (Math.abs(cpu * 100 - Math.round(cpu * 100)) > 1e-6)
      remark(`autoscaler.hpa.cpu: ${formatShare(cpu)} is rounded: an HPA takes whole percent`);
  }
};

export const PODS: readonly PodMeasure[] = ['inFlight', 'queued', 'requests'];
export const FLEET: readonly FleetMeasure[] = ['backlog', 'concurrency', 'arrivals'];

const metricsOf = (of: Metrics): object[] => [
  ...(of.cpu === undefined ? [] : [cpuMetric(of.cpu)]),
  ...PODS.flatMap((name) => {
    const value = of[name];
    return value === undefined
      ? []
      : [{ type: 'Pods', pods: { ...named(name), target: averageValue(value) } }];
  }),
  ...FLEET.flatMap((name) => {
    const { perServer, total } = of[name] ?? {};
    if (perServer !== undefined)
      return [{ type: 'External', external: { ...named(name), target: averageValue(perServer) } }];
    if (total === undefined) return [];
    const target = { type: 'Value', value: quantity(total) };
    return [{ type: 'External', external: { ...named(name), target } }];
  }),
];

const cpuMetric = (share: number): object => ({
  type: 'Resource',
  resource: {
    name: 'cpu',
    target: { type: 'Utilization', averageUtilization: wholePercent(share) },
  },
});

export const wholePercent = (share: number): number => Math.max(1, Math.round(share * 100));

const named = (name: PodMeasure | FleetMeasure): object => ({
  metric: { name: EXPORTED_NAMES[name] },
});
const averageValue = (value: number): object => ({
  type: 'AverageValue',
  averageValue: quantity(value),
});
