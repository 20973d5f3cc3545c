/**
 * The metrics of an HPA as options of the `hpa` policy: CPU, and those that are told by their names. What is not simulated
 * is refused, for a fleet that is scaled by something else would answer another question.
 */
import { placeOf, type Path } from '../../tree.ts';
import { refuseAt, type Draft, type Plain } from '../draft.ts';
import { meaningOf, METRIC_ALLOWED } from '../metric-names.ts';
import type { PodReading } from '../pods.ts';
import type { Resource } from '../resources.ts';
import type { Metric, Target } from './schema.ts';

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

export const measureOf = (of: MetricSource, metric: Metric): Measure => {
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

/** The first of each kind by its own key, further ones in the list. `key`: of the policy; `list`: where all of them are. */
export const takeMetrics = (
  draft: Draft,
  source: Resource,
  measures: readonly Measure[],
  { key, list }: { readonly key: string; readonly list: Path },
): void => {
  const own = new Map<string, Measure>();
  const more: Measure[] = [];
  for (const measure of measures) {
    if (own.has(measure.option)) more.push(measure);
    else own.set(measure.option, measure);
  }
  for (const { option, value, path } of own.values())
    draft.take(`${key}.${option}`, value, source, path);
  const further = more.map(({ option, value }) => ({ [option]: value }));
  if (further.length > 0) draft.take(`${key}.metrics`, further, source, list);
};
