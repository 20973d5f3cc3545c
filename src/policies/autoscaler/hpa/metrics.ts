/**
 * The metrics an HPA may have here, from what is written to what they propose. In a fleet of fake servers the CPU of a
 * pod is its busy slots, its request a share of its slots; Pods metrics come from the servers' reports; External ones
 * are the balancer's own numbers, and servers' queues as far as they are reported.
 */
import type { Millis } from '../../../core/units.ts';
import type { Load } from '../autoscaler.ts';
import { isServing, type ServerMetric } from '../server-load.ts';
import type { MetricOptions } from './options.ts';
import { plainAverage, resourceUtilisation, type PodMetric } from './pod-metrics.ts';
import type { Samples } from './pods.ts';
import type { Failed } from './proposal.ts';
import { averageValueMetric, valueMetric } from './total-metrics.ts';
import type { TotalMetric } from './total-watch.ts';

export type HpaMetric =
  | { readonly kind: 'cpu'; readonly percent: number }
  | { readonly kind: 'pods'; readonly of: ServerMetric; readonly target: number }
  | {
      readonly kind: 'external';
      readonly of: TotalMetric;
      readonly per: 'server' | 'fleet';
      readonly target: number;
    };

/** With nothing written, CPU at 80 %, as the API server has it. */
export const metricsOf = (written: readonly MetricOptions[]): readonly HpaMetric[] => {
  const metrics = written.flatMap(metricsIn);
  return metrics.length > 0 ? metrics : [{ kind: 'cpu', percent: 80 }];
};

const metricsIn = (written: MetricOptions): HpaMetric[] => {
  const found: HpaMetric[] = [];
  // 57% must be 57 again, not 56.99...
  if (written.cpu !== undefined)
    found.push({ kind: 'cpu', percent: Number((written.cpu * 100).toPrecision(9)) });
  for (const of of ['inFlight', 'queued', 'requests'] as const) {
    const target = written[of];
    if (target !== undefined) found.push({ kind: 'pods', of, target });
  }
  for (const of of ['backlog', 'concurrency', 'arrivals'] as const) {
    const { perServer, total } = written[of] ?? {};
    if (perServer !== undefined)
      found.push({ kind: 'external', of, per: 'server', target: perServer });
    if (total !== undefined) found.push({ kind: 'external', of, per: 'fleet', target: total });
  }
  return found;
};

/** What the pods are, and what is known of them. */
export interface Scene extends Omit<PodMetric, 'samples'> {
  samplesOf(metric: ServerMetric): Samples;
  /** Null: not known. */
  totalOf(metric: TotalMetric): number | null;
}

export type Opinion =
  { readonly replicas: number; /** "cpu 91% (target 70%)" */ readonly told: string } | Failed;

export const opinionOf = (now: Millis, metric: HpaMetric, load: Load, scene: Scene): Opinion => {
  switch (metric.kind) {
    case 'cpu': {
      const pods = { ...scene, samples: scene.samplesOf('busy'), isCpu: true };
      const got = resourceUtilisation(now, pods, metric.percent);
      if ('failed' in got) return { failed: `cpu: ${got.failed}` };
      const told = `cpu ${got.utilizationPercent}% (target ${metric.percent}%)`;
      return { replicas: got.replicas, told };
    }
    case 'pods': {
      const pods = { ...scene, samples: scene.samplesOf(metric.of), isCpu: false };
      const got = plainAverage(now, pods, milli(metric.target));
      if ('failed' in got) return { failed: `${metric.of}: ${got.failed}` };
      const told = `${metric.of} ${shown(got.usageMilli)} (target ${metric.target})`;
      return { replicas: got.replicas, told };
    }
    case 'external':
      return external(metric, load, scene);
  }
};

const external = (
  { of, per, target }: Extract<HpaMetric, { kind: 'external' }>,
  load: Load,
  { current, tolerance, totalOf }: Pick<Scene, 'current' | 'tolerance' | 'totalOf'>,
): Opinion => {
  const value = totalOf(of);
  if (value === null) return { failed: `${of}: nothing is known of it yet` };
  const metric = { valueMilli: milli(value), targetMilli: milli(target) };
  const readyCount = load.members.filter(isServing).length;
  const got =
    per === 'server'
      ? averageValueMetric(metric, current, tolerance)
      : valueMetric(metric, { current, readyCount }, tolerance);
  if ('failed' in got) return got;
  const told = `${of} ${shown(metric.valueMilli)} (target ${target}${per === 'server' ? ' a server' : ''})`;
  return { replicas: got.replicas, told };
};

export const milli = (value: number): number => Math.round(value * 1000);
const shown = (thousandths: number): string => String(Number((thousandths / 1000).toPrecision(3)));
