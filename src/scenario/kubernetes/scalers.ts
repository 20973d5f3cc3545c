/** What scales a workload, and which one: an HPA or a KEDA ScaledObject names its target by kind and name. */
import { z } from 'zod';
import type { Place } from '../../core/scenario-error.ts';
import { placeOf } from '../tree.ts';
import { readPart } from './draft.ts';
import { isHpa } from './hpa/hpa.ts';
import { isScaledObject } from './keda/keda.ts';
import type { Resource } from './resources.ts';

export const isScaler = (resource: Resource): boolean =>
  isHpa(resource) || isScaledObject(resource);

const zTarget = z.looseObject({
  scaleTargetRef: z.looseObject({ kind: z.string().optional(), name: z.string() }),
});

/** `Deployment mcp-server`; KEDA means a Deployment where it names no kind. */
export const targetOf = (scaler: Resource): string => {
  const { kind = 'Deployment', name } = readPart(zTarget, scaler, ['spec']).scaleTargetRef;
  return `${kind} ${name}`;
};

const zLeast = z.looseObject({
  minReplicas: z.int().optional(),
  minReplicaCount: z.int().optional(),
});

/** The fewest servers that it leaves, one at least, and where it says so. */
export const leastOf = (scaler: Resource): { count: number; place: Place } => {
  const { minReplicas, minReplicaCount } = readPart(zLeast, scaler, ['spec']);
  const key = isHpa(scaler) ? 'minReplicas' : 'minReplicaCount';
  return {
    count: Math.max(1, minReplicas ?? minReplicaCount ?? 1),
    place: placeOf(scaler.tree, ['spec', key]),
  };
};
