/**
 * The `behavior` of an HPA, as it stands in a manifest (KEDA hands the same on) and as a scenario writes it. Everything in
 * it is known: a typing error would otherwise be a default that nobody asked for.
 */
import { z } from 'zod';
import type { Plain } from '../draft.ts';
import { seconds, zQuantity } from '../quantities.ts';

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
