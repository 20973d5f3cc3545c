/**
 * A KEDA ScaledObject (keda.sh/v1alpha1). KEDA feeds an HPA with its triggers; so does this.
 */
import { z } from 'zod';
import { readPart, refuseAt, type Draft } from './draft.ts';
import type { PodReading } from './pods.ts';
import type { Resource } from './resources.ts';

export const isScaledObject = ({ kind }: Resource): boolean => kind === 'ScaledObject';

const zTarget = z.looseObject({ scaleTargetRef: z.looseObject({ name: z.string() }) });

export const targetOfScaledObject = (source: Resource): string =>
  readPart(zTarget, source, ['spec']).scaleTargetRef.name;

export const takeScaledObject = (_draft: Draft, source: Resource, _pod: PodReading | null): void =>
  refuseAt(source, ['kind'], 'ScaledObjects are not read yet');
