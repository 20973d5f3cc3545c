/**
 * A HorizontalPodAutoscaler as the options of the `hpa` policy: autoscaling/v2 whole, v2beta2 (the same shape) and v1
 * (upgraded: CPU only). Everything in `spec` is either taken or refused; a typing error in a behaviour would otherwise
 * be a default that nobody asked for.
 */
import { z } from 'zod';
import { placeOf, type Path } from '../tree.ts';
import { readPart, refuseAt, type Draft, type Plain } from './draft.ts';
import { meaningOf, METRIC_ALLOWED } from './metric-names.ts';
import { seconds, type PodReading } from './pods.ts';
import { zQuantity } from './quantities.ts';
import type { Resource } from './resources.ts';

const zTarget = z.strictObject({
  type: z.enum(['Utilization', 'AverageValue', 'Value']),
  averageUtilization: z.int().min(1).optional(),
  averageValue: zQuantity.optional(),
  value: zQuantity.optional(),
});
const zNamed = z.looseObject({ name: z.string() });
const zMetric = z.strictObject({
  type: z.enum(['Resource', 'ContainerResource', 'Pods', 'Object', 'External']),
  resource: z.strictObject({ name: z.string(), target: zTarget }).optional(),
  containerResource: z
    .strictObject({ name: z.string(), container: z.string(), target: zTarget })
    .optional(),
  pods: z.strictObject({ metric: zNamed, target: zTarget }).optional(),
  object: z
    .strictObject({ metric: zNamed, target: zTarget, describedObject: z.unknown() })
    .optional(),
  external: z.strictObject({ metric: zNamed, target: zTarget }).optional(),
});
const zRules = z.strictObject({
  stabilizationWindowSeconds: z.int().min(0).max(3600).nullish(),
  selectPolicy: z.enum(['Max', 'Min', 'Disabled']).nullish(),
  policies: z
    .array(
      z.strictObject({
        type: z.enum(['Pods', 'Percent']),
        value: z.int().min(1),
        periodSeconds: z.int().min(1).max(1800),
      }),
    )
    .min(1)
    .nullish(),
  tolerance: zQuantity.nullish(),
});
export const zHpaBehavior = z.strictObject({
  scaleUp: zRules.optional(),
  scaleDown: zRules.optional(),
});
const zSpec = z.strictObject({
  scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
  minReplicas: z.int().min(0).optional(),
  maxReplicas: z.int().min(1),
  metrics: z.array(zMetric).min(1).optional(),
  behavior: zHpaBehavior.optional(),
});
const zSpecV1 = z.strictObject({
  scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
  minReplicas: z.int().min(0).optional(),
  maxReplicas: z.int().min(1),
  targetCPUUtilizationPercentage: z.int().min(1).optional(),
});

export const isHpa = ({ kind }: Resource): boolean => kind === 'HorizontalPodAutoscaler';

/** The container that a metric of this HPA is about, if one is named. */
export const containerOf = (source: Resource): string | null => {
  const named = z.looseObject({ containerResource: z.looseObject({ container: z.string() }) });
  const spec = z.looseObject({ metrics: z.array(z.unknown()).optional() });
  for (const metric of readPart(spec, source, ['spec']).metrics ?? []) {
    const read = named.safeParse(metric);
    if (read.success) return read.data.containerResource.container;
  }
  return null;
};

const UPGRADED = [
  'autoscaling.alpha.kubernetes.io/metrics',
  'autoscaling.alpha.kubernetes.io/behavior',
];

/** `pod`: what it scales; null when that is in no manifest. */
export const takeHpa = (draft: Draft, source: Resource, pod: PodReading | null): void => {
  const key = (name: string): string => `autoscaler.hpa.${name}`;
  if (source.apiVersion === 'autoscaling/v1') takeV1(draft, source);
  else if (['autoscaling/v2', 'autoscaling/v2beta2'].includes(source.apiVersion)) {
    const spec = readPart(zSpec, source, ['spec']);
    takeBounds(draft, source, spec);
    const metrics = spec.metrics?.map((metric, index) =>
      measureOf({ draft, source, pod, path: ['spec', 'metrics', index] }, metric),
    );
    if (metrics === undefined) draft.take(key('cpu'), '80%', source, ['spec', 'metrics']);
    else takeMetrics(draft, source, metrics);
    if (spec.behavior !== undefined)
      draft.take(key('behavior'), behaviorOf(spec.behavior), source, ['spec', 'behavior']);
  } else {
    const allowed = 'autoscaling/v2 or v1';
    refuseAt(source, ['apiVersion'], `got \`${source.apiVersion}\`; allowed: ${allowed}`);
  }
  if (pod !== null) takeRequest(draft, pod);
  draft.assume(
    'the HPA looks every 15s, at metrics that are scraped every 15s and arrive at once: these are flags of the cluster, here `every`, `scrape` and `lag`',
    null,
  );
};

const takeV1 = (draft: Draft, source: Resource): void => {
  for (const annotation of UPGRADED) {
    const path = ['metadata', 'annotations', annotation];
    const written = readPart(z.looseObject({ annotations: z.looseObject({}).nullish() }), source, [
      'metadata',
    ]);
    if (written.annotations?.[annotation] !== undefined)
      refuseAt(source, path, 'this needs autoscaling/v2; write it there', 'key');
  }
  const spec = readPart(zSpecV1, source, ['spec']);
  takeBounds(draft, source, spec);
  const percent = spec.targetCPUUtilizationPercentage ?? 80;
  draft.take('autoscaler.hpa.cpu', `${percent}%`, source, [
    'spec',
    'targetCPUUtilizationPercentage',
  ]);
};

const takeBounds = (
  draft: Draft,
  source: Resource,
  { minReplicas, maxReplicas }: { minReplicas?: number | undefined; maxReplicas: number },
): void => {
  draft.take('autoscaler.hpa.min', minReplicas ?? 1, source, ['spec', 'minReplicas']);
  draft.take('autoscaler.hpa.max', maxReplicas, source, ['spec', 'maxReplicas']);
};

interface Measure {
  /** An option of the `hpa` policy. */
  readonly option: string;
  readonly value: Plain;
  readonly path: Path;
}

interface MetricSource {
  readonly draft: Draft;
  readonly source: Resource;
  readonly pod: PodReading | null;
  readonly path: Path;
}

type Metric = z.output<typeof zMetric>;
type Target = z.output<typeof zTarget>;

const measureOf = (of: MetricSource, metric: Metric): Measure => {
  const { resource, containerResource, pods } = metric;
  switch (metric.type) {
    case 'Resource':
      return resource ? cpu(of, resource, 'resource') : missing(of, 'resource');
    case 'ContainerResource':
      return containerResource
        ? cpu(of, containerResource, 'containerResource')
        : missing(of, 'containerResource');
    case 'Pods':
      return pods ? podsMeasure(of, pods) : missing(of, 'pods');
    case 'Object':
    case 'External': {
      const key = metric.type === 'Object' ? 'object' : 'external';
      const told = metric[key];
      return told ? fleetMeasure(of, told, key) : missing(of, key);
    }
  }
};

const missing = ({ source, path }: MetricSource, key: string): never =>
  refuseAt(source, path, `${key}: missing`);

const cpu = (
  of: MetricSource,
  { name, target }: { name: string; target: Target },
  key: string,
): Measure => {
  const { source, pod } = of;
  const path = [...of.path, key];
  if (name !== 'cpu') {
    const why = 'the memory of a server is not simulated';
    return refuseAt(source, [...path, 'name'], `got \`${name}\`; allowed: cpu (${why})`);
  }
  if (target.type === 'Utilization' && target.averageUtilization !== undefined) {
    const value = `${target.averageUtilization}%`;
    return { option: 'cpu', value, path: [...path, 'target', 'averageUtilization'] };
  }
  if (target.type === 'AverageValue' && target.averageValue !== undefined) {
    const request = pod?.cpuRequest ?? null;
    if (request === null)
      return refuseAt(source, [...path, 'target'], 'needs a CPU request to be a share of');
    const value = `${Number(((target.averageValue / request) * 100).toPrecision(6))}%`;
    return { option: 'cpu', value, path: [...path, 'target', 'averageValue'] };
  }
  return badTarget(of, path, 'Utilization with averageUtilization, or AverageValue');
};

const badTarget = ({ source }: MetricSource, path: Path, allowed: string): never =>
  refuseAt(source, [...path, 'target'], `allowed: ${allowed}`);

interface NamedMetric {
  readonly metric: { readonly name: string };
  readonly target: Target;
}

const podsMeasure = (of: MetricSource, { metric, target }: NamedMetric): Measure => {
  const path = [...of.path, 'pods'];
  const meaning = understood(of, path, metric.name);
  if (target.type !== 'AverageValue' || target.averageValue === undefined)
    return badTarget(of, path, 'AverageValue with averageValue');
  sayMeaning(of, path, metric.name, meaning.pods);
  const value = amount(target.averageValue, meaning.unit);
  return { option: meaning.pods, value, path: [...path, 'target', 'averageValue'] };
};

const fleetMeasure = (of: MetricSource, { metric, target }: NamedMetric, key: string): Measure => {
  const path = [...of.path, key];
  const meaning = understood(of, path, metric.name);
  const { type, averageValue, value } = target;
  sayMeaning(of, path, metric.name, meaning.fleet);
  if (type === 'AverageValue' && averageValue !== undefined) {
    const perServer = amount(averageValue, meaning.unit);
    const at = [...path, 'target', 'averageValue'];
    return { option: meaning.fleet, value: { perServer }, path: at };
  }
  if (type === 'Value' && value !== undefined) {
    const at = [...path, 'target', 'value'];
    return { option: meaning.fleet, value: { total: amount(value, meaning.unit) }, path: at };
  }
  return badTarget(of, path, 'AverageValue with averageValue, or Value with value');
};

const understood = ({ source }: MetricSource, path: Path, name: string) =>
  meaningOf(name) ??
  refuseAt(
    source,
    [...path, 'metric', 'name'],
    `got \`${name}\`, which is not simulated; allowed: ${METRIC_ALLOWED}`,
  );

const sayMeaning = ({ draft, source }: MetricSource, path: Path, name: string, as: string): void =>
  draft.assume(
    `the metric ${name} is taken for \`${as}\``,
    placeOf(source.tree, [...path, 'metric', 'name']),
  );

const amount = (value: number, unit: 'count' | 'rate'): Plain =>
  unit === 'rate' ? `${Number(value.toPrecision(12))}/s` : value;

/** The first of each kind by its own key, further ones in the list. */
const takeMetrics = (draft: Draft, source: Resource, measures: readonly Measure[]): void => {
  const own = new Map<string, Measure>();
  const more: Measure[] = [];
  for (const measure of measures) {
    if (own.has(measure.option)) more.push(measure);
    else own.set(measure.option, measure);
  }
  for (const { option, value, path } of own.values())
    draft.take(`autoscaler.hpa.${option}`, value, source, path);
  const list = more.map(({ option, value }) => ({ [option]: value }));
  if (list.length > 0) draft.take('autoscaler.hpa.metrics', list, source, ['spec', 'metrics']);
};

type Rules = z.output<typeof zRules>;

/** As the `behavior` of a scenario. */
export const behaviorOf = ({ scaleUp, scaleDown }: z.output<typeof zHpaBehavior>): Plain => ({
  ...(scaleUp && { up: rulesOf(scaleUp) }),
  ...(scaleDown && { down: rulesOf(scaleDown) }),
});

const rulesOf = (rules: Rules): Plain => {
  const { stabilizationWindowSeconds: window, selectPolicy, policies, tolerance } = rules;
  return {
    ...(typeof window === 'number' && { window: seconds(window) }),
    ...(selectPolicy && { select: selectPolicy.toLowerCase() }),
    ...(policies && {
      policies: policies.map(({ type, value, periodSeconds }) => ({
        ...(type === 'Pods' ? { pods: value } : { percent: `${value}%` }),
        period: seconds(periodSeconds),
      })),
    }),
    ...(typeof tolerance === 'number' && {
      tolerance: `${Number((tolerance * 100).toPrecision(9))}%`,
    }),
  };
};

/** Utilisation is of the request, slots are busy up to the limit. */
export const takeRequest = (draft: Draft, pod: PodReading): void => {
  const usesCpu = draft.taken.some(({ key }) => key === 'autoscaler.hpa.cpu');
  if (!usesCpu) return;
  const { cpuRequest, cpuLimit, source: workload, resourcesPath } = pod;
  if (cpuRequest === null) {
    const why = 'without it the HPA has no utilisation to go by, and scales nothing';
    refuseAt(workload, [...resourcesPath, 'requests', 'cpu'], `missing; ${why}`);
    return;
  }
  if (cpuLimit !== null && cpuLimit > cpuRequest) {
    const share = `${Number(((cpuRequest / cpuLimit) * 100).toPrecision(6))}%`;
    draft.take('autoscaler.hpa.request', share, workload, [...resourcesPath, 'requests', 'cpu']);
  }
  draft.assume(
    `a server with all its slots busy uses its CPU ${cpuLimit === null ? 'request' : 'limit'}`,
    placeOf(workload.tree, resourcesPath),
  );
};
