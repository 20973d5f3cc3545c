/** What docs/policies.md tells of each policy, and that it says whose rule it is, down to the version. */
import { describe, expect, it } from 'vitest';
import { AUTOSCALERS } from '../../src/policies/autoscaler/index.ts';
import { BALANCERS } from '../../src/policies/balancer/index.ts';
import { BREAKERS } from '../../src/policies/breaker/index.ts';
import { BUDGETS } from '../../src/policies/budget/index.ts';
import { EJECTIONS } from '../../src/policies/ejection/index.ts';
import { GUARDS } from '../../src/policies/guards/index.ts';
import { HEALTHS } from '../../src/policies/health/index.ts';
import { LIMITS } from '../../src/policies/limit/index.ts';
import type { PolicyFacts } from '../../src/policies/registry.ts';
import { SETUP } from '../../src/scenario/schema.ts';

const FAMILIES = [AUTOSCALERS, BALANCERS, BREAKERS, BUDGETS, EJECTIONS, HEALTHS, LIMITS] as const;

const EVERYTHING: readonly (readonly [string, PolicyFacts])[] = [
  ...FAMILIES.flatMap((family) =>
    Object.entries(family).map(([name, { facts }]) => [name, facts] as const),
  ),
  ...GUARDS.map(({ key, facts }) => [key, facts] as const),
];

/** A commit, a release, a year, the number of a proposal or an RFC. */
const VERSION = /@[\da-f]{7}\b|\bv?\d+\.\d|\b20\d\d\b|\bA\d+\b|\bRFC \d+/;
/** Nobody's in particular: the document that this project implements, or doing without. */
const UNVERSIONED = /^the reference|^a /;

describe.each(EVERYTHING)('%s', (_, facts) => {
  it('has every fact', () => {
    for (const fact of Object.values(facts)) expect(fact).not.toBe('');
  });

  it('says whose rule it is, and of which version', () => {
    expect(facts.follows).toSatisfy(
      (follows: string) => VERSION.test(follows) || UNVERSIONED.test(follows),
    );
  });
});

describe('guards', () => {
  it('are named by the keys of a scenario', () => {
    for (const { key } of GUARDS) expect(SETUP).toHaveProperty(key.split('.')[0]!);
  });
});
