/** A refinement of a map of options: one of them is bounded by another, and a breach is told with both their values. */
import type { z } from 'zod';

const RELATIONS = {
  'at least': (value: number, bound: number): boolean => value >= bound,
  'at most': (value: number, bound: number): boolean => value <= bound,
  above: (value: number, bound: number): boolean => value > bound,
  below: (value: number, bound: number): boolean => value < bound,
} as const;

/**
 * For `superRefine`: `key` must be `relation` `other`; options that are absent or none bound nothing. `write`: a value as
 * a person writes it. "got `1`; allowed: at least min, which is 5"
 */
export const within =
  <Key extends string>(
    key: Key,
    relation: keyof typeof RELATIONS,
    other: Key,
    write: (value: number) => string = String,
  ) =>
  (options: { readonly [key in Key]?: unknown }, context: z.RefinementCtx): void => {
    const [value, bound] = [options[key], options[other]];
    if (typeof value !== 'number' || typeof bound !== 'number') return;
    if (RELATIONS[relation](value, bound)) return;
    const message = `got \`${write(value)}\`; allowed: ${relation} ${other}, which is ${write(bound)}`;
    context.addIssue({ code: 'custom', path: [key], message });
  };
