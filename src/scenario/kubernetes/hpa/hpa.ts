/**
 * A HorizontalPodAutoscaler as the options of the `hpa` policy: autoscaling/v2 whole, v2beta2 (the same shape) and v1
 * (upgraded: CPU only). Everything in `spec` is either taken or refused.
 */
import { z } from 'zod';
import { readPart, refuseAt, type Draft } from '../draft.ts';
import type { PodReading } from '../pods.ts';
import type { Resource } from '../resources.ts';
import { behaviorOf } from './behavior.ts';
import { measureOf, takeMetrics } from './metrics.ts';
import { takeRequest } from './request.ts';
import { zHpaSpec, zHpaSpecV1 } from './schema.ts';

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

const KEY = 'autoscaler.hpa';

const UPGRADED = [
  'autoscaling.alpha.kubernetes.io/metrics',
  'autoscaling.alpha.kubernetes.io/behavior',
];

/** `pod`: what it scales; null when that is in no manifest. */
export const takeHpa = (draft: Draft, source: Resource, pod: PodReading | null): void => {
  if (source.apiVersion === 'autoscaling/v1') takeV1(draft, source);
  else if (['autoscaling/v2', 'autoscaling/v2beta2'].includes(source.apiVersion)) {
    const spec = readPart(zHpaSpec, source, ['spec']);
    takeBounds(draft, source, spec);
    const metrics = spec.metrics?.map((metric, index) =>
      measureOf({ draft, source, pod, path: ['spec', 'metrics', index] }, metric),
    );
    if (metrics === undefined) draft.take(`${KEY}.cpu`, '80%', source, ['spec', 'metrics']);
    else takeMetrics(draft, source, metrics, { key: KEY, list: ['spec', 'metrics'] });
    if (spec.behavior !== undefined)
      draft.take(`${KEY}.behavior`, behaviorOf(spec.behavior), source, ['spec', 'behavior']);
  } else {
    const allowed = 'autoscaling/v2 or v1';
    refuseAt(source, ['apiVersion'], `got \`${source.apiVersion}\`; allowed: ${allowed}`);
  }
  if (pod !== null) takeRequest(draft, pod, KEY);
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
  const spec = readPart(zHpaSpecV1, source, ['spec']);
  takeBounds(draft, source, spec);
  const percent = spec.targetCPUUtilizationPercentage ?? 80;
  draft.take(`${KEY}.cpu`, `${percent}%`, source, ['spec', 'targetCPUUtilizationPercentage']);
};

const takeBounds = (
  draft: Draft,
  source: Resource,
  { minReplicas, maxReplicas }: { minReplicas?: number | undefined; maxReplicas: number },
): void => {
  draft.take(`${KEY}.min`, minReplicas ?? 1, source, ['spec', 'minReplicas']);
  draft.take(`${KEY}.max`, maxReplicas, source, ['spec', 'maxReplicas']);
};
