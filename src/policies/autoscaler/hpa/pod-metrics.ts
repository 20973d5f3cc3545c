/**
 * Metrics that every pod has a value of: utilisation of a resource, and plain averages (a Pods metric, or a resource's
 * average value). Rule of Kubernetes 1.33, replica_calculator.go: averages and percentages are cut to whole numbers
 * BEFORE they are divided by the target; pods without a value are filled in against the direction of the change, and a
 * change that turns round or shrinks by it is not made.
 */
import type { Millis } from '../../../core/units.ts';
import { group, type Pod, type Readiness, type Samples } from './pods.ts';
import { isWithin, type Failed, type Proposal, type Tolerance } from './proposal.ts';

export interface PodMetric {
  /** spec.replicas: what stays when nothing is to change. */
  readonly current: number;
  readonly pods: readonly Pod[];
  readonly samples: Samples;
  readonly tolerance: Tolerance;
  readonly readiness: Readiness;
}

export interface Utilisation {
  readonly utilizationPercent: number;
  readonly rawMilliPerPod: number;
}

/** Percent of the requests; `target` in percent too. A pod without a value counts as max(100, target) % or as 0. */
export const resourceUtilisation = (
  now: Millis,
  metric: PodMetric & { readonly isCpu: boolean },
  target: number,
): Proposal<Utilisation> => {
  const requests = new Map(metric.pods.map(({ id, requestMilli }) => [id, requestMilli]));
  if ([...requests.values()].includes(null)) return { failed: 'a pod has no request' };
  const requestOf = (id: Pod['id']): number | null => requests.get(id) ?? null;
  return propose(now, metric, metric.isCpu, {
    fallback: ({ requestMilli }) => Math.trunc(((requestMilli ?? 0) * Math.max(100, target)) / 100),
    measure: (values) => utilisation(values, requestOf, target),
  });
};

const utilisation = (
  values: Values,
  requestOf: (id: Pod['id']) => number | null,
  target: number,
): Measured<Utilisation> => {
  let usage = 0;
  let requested = 0;
  let known = 0;
  for (const [id, milli] of values) {
    const request = requestOf(id);
    if (request === null) continue;
    usage += milli;
    requested += request;
    known++;
  }
  if (requested === 0) return { failed: 'no value belongs to a pod with a request' };
  const utilizationPercent = Math.trunc((usage * 100) / requested);
  return {
    ratio: utilizationPercent / target,
    reading: { utilizationPercent, rawMilliPerPod: Math.trunc(usage / known) },
  };
};

/** Thousandths a pod; a pod without a value counts as on target or as 0. */
export const plainAverage = (
  now: Millis,
  metric: PodMetric & { readonly isCpu: boolean },
  targetMilli: number,
): Proposal<{ readonly usageMilli: number }> =>
  propose(now, metric, metric.isCpu, {
    fallback: () => targetMilli,
    measure: (values) => {
      const total = [...values.values()].reduce((sum, milli) => sum + milli, 0);
      const usageMilli = Math.trunc(total / values.size);
      return { ratio: usageMilli / targetMilli, reading: { usageMilli } };
    },
  });

type Values = ReadonlyMap<Pod['id'], number>;
type Measured<Reading> = { readonly ratio: number; readonly reading: Reading } | Failed;

interface Measure<Reading> {
  /** What a pod without a value is taken to use when the others say: fewer. */
  readonly fallback: (pod: Pod) => number;
  readonly measure: (values: Values) => Measured<Reading>;
}

const propose = <Reading>(
  now: Millis,
  { current, pods, samples, tolerance, readiness }: PodMetric,
  isCpu: boolean,
  { fallback, measure }: Measure<Reading>,
): Proposal<Reading> => {
  if (pods.length === 0) return { failed: 'there are no pods' };
  const { readyCount, unready, missing, ignored } = group(now, pods, samples, isCpu, readiness);
  // Values of unknown pods stay, as they do upstream.
  const values = new Map([...samples].map(([id, { milli }]) => [id, milli]));
  for (const { id } of [...ignored, ...unready]) values.delete(id);
  if (values.size === 0) return { failed: 'no ready pod has a value' };
  const first = measure(values);
  if ('failed' in first) return first;
  const { ratio, reading } = first;
  const withUnready = ratio > 1 && unready.length > 0;
  if (missing.length === 0 && !withUnready) {
    const replicas = isWithin(tolerance, ratio) ? current : Math.ceil(ratio * readyCount);
    return { ...reading, replicas };
  }
  if (ratio < 1) for (const pod of missing) values.set(pod.id, fallback(pod));
  if (ratio > 1) for (const { id } of [...missing, ...unready]) values.set(id, 0);
  const filled = measure(values);
  if ('failed' in filled) return filled;
  const replicas = Math.ceil(filled.ratio * values.size);
  const isKept =
    isWithin(tolerance, filled.ratio) ||
    isAgainst(ratio - 1, filled.ratio - 1) ||
    isAgainst(filled.ratio - 1, replicas - current);
  return { ...reading, replicas: isKept ? current : replicas };
};

/** Does one point up and the other down? */
const isAgainst = (one: number, other: number): boolean => one * other < 0;
