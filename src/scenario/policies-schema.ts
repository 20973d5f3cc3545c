/** How policies are chosen, straight from their registries: `counter`, or `{ counter: { failures: 5 } }`. */
import { z } from 'zod';
import { butAllowed } from '../core/units.ts';
import { AUTOSCALERS } from '../policies/autoscaler/index.ts';
import { BALANCERS } from '../policies/balancer/index.ts';
import { BREAKERS } from '../policies/breaker/index.ts';
import { BUDGETS } from '../policies/budget/index.ts';
import { EJECTIONS } from '../policies/ejection/index.ts';
import { HEALTHS } from '../policies/health/index.ts';
import { LIMITS } from '../policies/limit/index.ts';
import type { Registry } from '../policies/registry.ts';
import { choice, type Written } from './choice.ts';
import type { PolicyChoice } from './scenario.ts';

/** Options that a family has in the scenario beside those of the policy: read by the gateway alone. */
type Extra = Readonly<Record<string, z.ZodType>>;

const tableOf = (
  registry: Registry<unknown>,
  extra: Extra = {},
): Readonly<Record<string, Written<PolicyChoice>>> =>
  Object.fromEntries(
    Object.entries(registry).map(([name, { options, summary }]) => [
      name,
      options
        .safeExtend(extra)
        .strict()
        .describe(summary)
        .transform((chosen): PolicyChoice => ({ name, options: chosen })),
    ]),
  );

const probe = z
  .string()
  .regex(/^(?:\/.*|tcp|discover)$/, {
    error: butAllowed('a path such as /health, tcp, or discover'),
  })
  .optional()
  .describe('gateway only: what a check asks');

export const POLICY_TABLES = {
  balancer: tableOf(BALANCERS),
  health: tableOf(HEALTHS, { probe }),
  breaker: tableOf(BREAKERS),
  autoscaler: tableOf(AUTOSCALERS),
  ejection: tableOf(EJECTIONS),
  limit: tableOf(LIMITS),
  budget: tableOf(BUDGETS),
} as const;

export const zBalancer = choice({ noun: 'balancer', table: POLICY_TABLES.balancer });
export const zHealth = choice({ noun: 'health', table: POLICY_TABLES.health, unnamed: 'active' });
export const zBreaker = choice({ noun: 'breaker', table: POLICY_TABLES.breaker });
export const zEjection = choice({ noun: 'ejection', table: POLICY_TABLES.ejection });
export const zLimit = choice({ noun: 'limit', table: POLICY_TABLES.limit });
export const zBudget = choice({ noun: 'budget', table: POLICY_TABLES.budget });
export const zAutoscaler = choice({ noun: 'autoscaler', table: POLICY_TABLES.autoscaler });
