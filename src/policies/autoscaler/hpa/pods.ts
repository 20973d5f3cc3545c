/**
 * How the HPA sorts pods before it looks at their numbers, after groupPods of Kubernetes 1.33
 * (pkg/controller/podautoscaler/replica_calculator.go). Only CPU is mistrusted while a pod starts: its sample counts
 * once the pod is ready and a whole metric window lies after that, or, after the initialisation period, unless the pod
 * never was ready. Other metrics count from a pod's first sample, ready or not.
 */
import type { Millis } from '../../../core/units.ts';

export interface Pod {
  readonly id: string | number;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** It has been told to go. */
  readonly deleted: boolean;
  /** null = it has no Ready condition yet. */
  readonly ready: boolean | null;
  readonly startedAt: Millis | null;
  /** When `ready` last changed. */
  readonly readyChangedAt: Millis | null;
  /** Thousandths of the resource's unit; null = none declared. */
  readonly requestMilli: number | null;
}

export interface Sample {
  /** Thousandths of the metric's unit. */
  readonly milli: number;
  readonly at: Millis;
  /** The time before `at` that the sample speaks of. */
  readonly window: Millis;
}

/** By the pod's id. */
export type Samples = ReadonlyMap<string | number, Sample>;

export interface Readiness {
  /** While a pod is younger, its CPU counts only if it is ready and the sample lies wholly after that. */
  readonly cpuInitialization: Millis;
  /** A pod that stopped being ready within this time of its start is held never to have been ready. */
  readonly delay: Millis;
}

export type PodClass = 'ready' | 'unready' | 'missing' | 'ignored';

export const classify = (
  now: Millis,
  pod: Pod,
  sample: Sample | undefined,
  isCpu: boolean,
  readiness: Readiness,
): PodClass => {
  if (pod.deleted || pod.phase === 'Failed' || pod.phase === 'Succeeded') return 'ignored';
  if (pod.phase === 'Pending') return 'unready';
  if (sample === undefined) return 'missing';
  return isCpu && !isCpuTrusted(now, pod, sample, readiness) ? 'unready' : 'ready';
};

const isCpuTrusted = (now: Millis, pod: Pod, sample: Sample, readiness: Readiness): boolean => {
  const { ready, startedAt, readyChangedAt } = pod;
  if (ready === null || startedAt === null || readyChangedAt === null) return false;
  return startedAt + readiness.cpuInitialization > now
    ? ready && sample.at >= readyChangedAt + sample.window
    : ready || startedAt + readiness.delay <= readyChangedAt;
};

export interface Grouped {
  readonly readyCount: number;
  readonly unready: readonly Pod[];
  readonly missing: readonly Pod[];
  readonly ignored: readonly Pod[];
}

export const group = (
  now: Millis,
  pods: readonly Pod[],
  samples: Samples,
  isCpu: boolean,
  readiness: Readiness,
): Grouped => {
  const groups = { ready: [], unready: [], missing: [], ignored: [] } as Record<PodClass, Pod[]>;
  for (const pod of pods)
    groups[classify(now, pod, samples.get(pod.id), isCpu, readiness)].push(pod);
  return { ...groups, readyCount: groups.ready.length };
};
