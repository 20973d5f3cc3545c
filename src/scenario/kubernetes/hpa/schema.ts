/** The `spec` of a HorizontalPodAutoscaler: autoscaling/v2 (v2beta2 has the same shape) and v1. */
import { z } from 'zod';
import { zQuantity } from '../quantities.ts';
import { zHpaBehavior } from './behavior.ts';

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
export const zHpaSpec = z.strictObject({
  scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
  minReplicas: z.int().min(0).optional(),
  maxReplicas: z.int().min(1),
  metrics: z.array(zMetric).min(1).optional(),
  behavior: zHpaBehavior.optional(),
});
export const zHpaSpecV1 = z.strictObject({
  scaleTargetRef: z.looseObject({ kind: z.string(), name: z.string() }),
  minReplicas: z.int().min(0).optional(),
  maxReplicas: z.int().min(1),
  targetCPUUtilizationPercentage: z.int().min(1).optional(),
});

export type Metric = z.output<typeof zMetric>;
export type Target = z.output<typeof zTarget>;
