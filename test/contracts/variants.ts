/**
 * Every entry of a family under its default options, and under further options where they change its nature. An entry
 * that is new in the registry is under contract at once; its variants are one line here.
 */
import { sequential } from '../../src/core/rng.ts';
import type { PolicyEntry, Registry } from '../../src/policies/registry.ts';

export interface Variant<Policy> {
  /** `p2c { choices: 3 }` */
  readonly label: string;
  readonly name: string;
  readonly entry: PolicyEntry<Policy>;
  /** As the entry's schema resolved them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A new policy with a stream of its own. */
  readonly make: (seed?: number) => Policy;
}

export type FurtherOptions = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export const variantsOf = <Policy>(
  family: Registry<Policy>,
  further: FurtherOptions = {},
): readonly Variant<Policy>[] =>
  Object.entries(family).flatMap(([name, entry]) =>
    [{}, ...(further[name] ?? [])].map((written): Variant<Policy> => {
      const options = entry.options.parse(written);
      const told = Object.entries(written).map(
        ([key, value]) => `${key}: ${JSON.stringify(value).replaceAll('"', '')}`,
      );
      return {
        label: told.length === 0 ? name : `${name} { ${told.join(', ')} }`,
        name,
        entry,
        options,
        make: (seed = 1) => entry.make(options as never, sequential(seed, name)),
      };
    }),
  );
