/**
 * A reactive autoscaler under another policy that only raises it: how one is named in options, and made. The family to
 * choose from is handed in, so that an entry can hold its siblings without importing the registry that imports it.
 */
import { z } from 'zod';
import type { Rng } from '../../core/rng.ts';
import { gotButAllowed } from '../../core/units.ts';
import type { Registry } from '../registry.ts';
import type { Autoscaler } from './autoscaler.ts';

export interface Under {
  readonly name: string;
  readonly options: object;
}

/** `hpa`, or `{ hpa: { cpu: 60% } }`. */
export const zUnder = (family: Registry<Autoscaler>) => {
  const names = Object.keys(family);
  const error = (issue: { readonly input?: unknown }): string =>
    gotButAllowed(issue.input, `one of ${names.join(', ')}, or a map of one to its options`);
  const named = z
    .enum(names)
    .transform((name): Under => ({ name, options: family[name]!.options.parse({}) }));
  const withOptions = z
    .strictObject(Object.fromEntries(names.map((name) => [name, family[name]!.options.optional()])))
    .transform((given, context): Under => {
      const chosen = Object.entries(given).filter(([, options]) => options !== undefined);
      const [name, options] = chosen[0] ?? [];
      if (chosen.length === 1 && name !== undefined && options !== undefined)
        return { name, options };
      context.addIssue(error({ input: given }));
      return z.NEVER;
    });
  return z.union([named, withOptions], { error });
};

export const makeUnder = (
  family: Registry<Autoscaler>,
  { name, options }: Under,
  rng: Rng,
): Autoscaler => family[name]!.make(options as never, rng);

/** The most servers that its options allow, or those of what is under it in turn; Infinity when they say nothing. */
export const maxOf = ({ options }: Under): number => {
  const { max, under } = options as { readonly max?: number | null; readonly under?: Under };
  return max ?? (under === undefined ? Infinity : maxOf(under));
};
