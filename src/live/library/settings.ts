/**
 * Makes a policy from options in the reference's names, checked by the policy's own schema: the same limits, defaults and
 * words as in a scenario file. Durations carry their unit, because the reference counts seconds and JavaScript
 * milliseconds: a bare number would be wrong by a thousand for somebody, and is refused.
 */
import { ScenarioError } from '../../core/scenario-error.ts';
import type { Rng } from '../../core/rng.ts';
import type { PolicyEntry } from '../../policies/registry.ts';
import { check } from '../../scenario/explain.ts';

/** `'250ms' '30s' '5m'`, or 0; where a limit may be absent also `'none'`. */
export type Duration = string | 0;

/** An option of the policy, the name it has here, and what was given; undefined for the default. */
export type Setting = readonly [option: string, name: string, given: unknown];

/** Throws ScenarioError with all mistakes, each by the name that the caller used. */
export const makePolicy = <Policy>(
  owner: string,
  entry: PolicyEntry<Policy>,
  settings: readonly Setting[],
  rng: Rng = NO_DICE,
): Policy => {
  const given = settings.filter(([, , value]) => value !== undefined);
  const plain = Object.fromEntries(given.map(([option, , value]) => [option, value]));
  const checked = check<unknown>(entry.options, plain);
  if (checked.ok) return entry.make(checked.value as never, rng);
  throw ScenarioError.of(
    checked.findings.map(({ path: [option], message }) => {
      const name = settings.find((setting) => setting[0] === option)?.[1];
      const place = name === undefined ? owner : `${owner}.${name}`;
      return { message, place: { file: place } };
    }),
  );
};

/** For policies that draw nothing. */
const NO_DICE: Rng = { next: () => 0, below: () => 0 };
