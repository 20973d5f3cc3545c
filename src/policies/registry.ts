/**
 * A family of policies is a registry: name -> summary, options and how to make one. YAML validation, "did you mean",
 * `windtunnel list`, docs/policies.md and the contract suites all iterate it, so one line here makes a policy known
 * everywhere. Options are zod schemas whose fields carry defaults and descriptions.
 */
import type { z } from 'zod';
import type { Rng } from '../core/rng.ts';

export interface PolicyEntry<Policy, Options = never> {
  /** One sentence: what it does. */
  readonly summary: string;
  readonly options: z.ZodObject;
  /** Facts for docs/policies.md. */
  readonly facts: PolicyFacts;
  /** `options` as the schema resolved them; `rng` is this policy's own stream. */
  make(options: Options, rng: Rng): Policy;
}

export interface PolicyFacts {
  /** The rule, exactly, in a sentence or two. */
  readonly rule: string;
  /** Whose behaviour it follows: product and version, or paper. */
  readonly follows: string;
  readonly good: string;
  readonly bad: string;
  /** Cost of one decision, with n servers. */
  readonly cost: string;
}

export type Registry<Policy> = Readonly<Record<string, PolicyEntry<Policy>>>;

/** Ties an entry's `make` to the type its own schema yields. */
export const policy = <Policy, Schema extends z.ZodObject>(
  entry: Omit<PolicyEntry<Policy>, 'make' | 'options'> & {
    readonly options: Schema;
    make(options: z.output<Schema>, rng: Rng): Policy;
  },
): PolicyEntry<Policy> => entry;
