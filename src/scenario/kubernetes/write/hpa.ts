/** The `hpa` policy as a HorizontalPodAutoscaler, and what of its options are flags of the control plane. */
import { formatDuration } from '../../../core/units.ts';
import { EXPORTED_NAMES, type FleetMeasure, type PodMeasure } from '../metric-names.ts';
import { wholeSeconds, type Remark } from './remarks.ts';

interface Rules {
  readonly window?: number;
  readonly select?: 'max' | 'min' | 'disabled';
  readonly tolerance?: number;
  readonly policies?: readonly {
    readonly pods?: number;
    readonly percent?: number;
    readonly period: number;
  }[];
}
export interface WrittenBehavior {
  readonly up?: Rules;
  readonly down?: Rules;
}
type Total = { readonly perServer?: number; readonly total?: number };
type Metrics = { readonly cpu?: number } & { readonly [of in PodMeasure]?: number } & {
  readonly [of in FleetMeasure]?: Total;
};
export type HpaChoice = Metrics & {
  readonly min: number;
  readonly max: number;
  readonly metrics?: readonly Metrics[];
  readonly behavior?: WrittenBehavior;
} & { readonly [flag in keyof typeof FLAGS]?: number };

/** Options that are flags, with the cluster's defaults. */
const FLAGS = {
  tolerance: 0.1,
  stabilization: 300_000,
  every: 15_000,
  scrape: 15_000,
  lag: 0,
  cpuInitialization: 300_000,
  readinessDelay: 30_000,
} as const;

export const hpaOf = (options: HpaChoice, name: string, remark: Remark): object => {
  for (const [flag, usual] of Object.entries(FLAGS)) {
    const value = options[flag as keyof typeof FLAGS] ?? usual;
    if (value === usual) continue;
    const shown = flag === 'tolerance' ? `${value * 100}%` : formatDuration(value);
    remark(`autoscaler.hpa.${flag}: ${shown}: a flag of the cluster, not of an HPA`);
  }
  const written = [options, ...(options.metrics ?? [])];
  for (const { cpu = 1 } of written) {
    if (Math.abs(cpu * 100 - Math.round(cpu * 100)) > 1e-6)
      remark(`autoscaler.hpa.cpu: ${cpu * 100}% is rounded: an HPA takes whole percent`);
  }
  const metrics = written.flatMap(metricsOf);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: `${name}-hpa` },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: options.min,
      maxReplicas: options.max,
      metrics: metrics.length > 0 ? metrics : metricsOf({ cpu: 0.8 }),
      ...(options.behavior && { behavior: behaviorOf(options.behavior, remark) }),
    },
  };
};

const PODS: readonly PodMeasure[] = ['inFlight', 'queued', 'requests'];
const FLEET: readonly FleetMeasure[] = ['backlog', 'concurrency', 'arrivals'];

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
    target: { type: 'Utilization', averageUtilization: Math.max(1, Math.round(share * 100)) },
  },
});

const named = (name: PodMeasure | FleetMeasure): object => ({
  metric: { name: EXPORTED_NAMES[name] },
});
const averageValue = (value: number): object => ({
  type: 'AverageValue',
  averageValue: quantity(value),
});

/** Whole, or in thousandths. */
export const quantity = (value: number): string =>
  Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;

export const behaviorOf = ({ up, down }: WrittenBehavior, remark: Remark): object => ({
  ...(up && { scaleUp: rulesOf(up, remark) }),
  ...(down && { scaleDown: rulesOf(down, remark) }),
});

const SELECT = { max: 'Max', min: 'Min', disabled: 'Disabled' } as const;

const rulesOf = ({ window, select, tolerance, policies }: Rules, remark: Remark): object => ({
  ...(window !== undefined && {
    stabilizationWindowSeconds: wholeSeconds(window, 'a stabilisation window', remark),
  }),
  ...(select !== undefined && { selectPolicy: SELECT[select] }),
  ...(tolerance !== undefined && { tolerance: quantity(tolerance) }),
  ...(policies && {
    policies: policies.map(({ pods, percent = 0, period }) => ({
      ...(pods === undefined
        ? { type: 'Percent', value: Math.max(1, Math.round(percent * 100)) }
        : { type: 'Pods', value: pods }),
      periodSeconds: wholeSeconds(period, 'a period', remark),
    })),
  }),
});
