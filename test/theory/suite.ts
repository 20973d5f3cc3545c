/**
 * The whole suite as a list of cases: for each entry of the file of references what became of it. Which entries are taken
 * is decided by load and budget, so that the default fits into minutes; the rest is named, never dropped in silence.
 */
import type { Laboratory } from './laboratory.ts';
import type { Experiment } from './experiment.ts';
import { experimentsOf } from './families/index.ts';
import { NotModelled, type Entry } from './references.ts';
import { validate, type Budget, type Validation } from './validate.ts';

export interface Scope {
  /** Largest offered load per slot of queues that would grow without bound; others are taken at any load. */
  readonly load: number;
  readonly budget: Budget;
  /** Of each family the first entry, and this many further on the next one; all if absent. */
  readonly every?: number;
}

/** `--brief`, and with every test of the project: some of each family, those that cost little. */
export const BRIEF: Scope = {
  load: 0.8,
  budget: { headline: 0.5e6, key: 0.1e6, ordinary: 0.05e6 },
  every: 6,
};
/** What runs by default, and in CI. */
export const USUAL: Scope = { load: 0.8, budget: { headline: 3e6, key: 0.4e6, ordinary: 0.1e6 } };
/** `--all` */
export const ALL: Scope = { load: 1, budget: { headline: 60e6, key: 12e6, ordinary: 2e6 } };

export interface Case {
  readonly entry: Entry;
  readonly outcome: 'passed' | 'failed' | 'left out' | 'not modelled';
  /** Why it was left out or is not modelled; null otherwise. */
  readonly reason: string | null;
  readonly validations: readonly Validation[];
}

/** Tries the entry at `index` of the `entries` of `file`. */
export const tryEntry = async (
  laboratory: Laboratory,
  file: string,
  entries: readonly Entry[],
  index: number,
  scope: Scope,
): Promise<Case> => {
  const entry = entries[index]!;
  const experiments = plan(entry);
  if ('reason' in experiments)
    return { entry, outcome: 'not modelled', reason: experiments.reason, validations: [] };
  const place = entries.slice(0, index).filter(({ name }) => name === entry.name).length;
  if (scope.every !== undefined && place % scope.every > 0)
    return {
      entry,
      outcome: 'left out',
      reason: 'another of its family is tried',
      validations: [],
    };
  if (experiments.every((experiment) => beyond(experiment, scope)))
    return {
      entry,
      outcome: 'left out',
      reason: `load above ${scope.load}`,
      validations: [],
    };
  const validations = await Promise.all(
    experiments.map((experiment, k) =>
      validate(
        experiment,
        (length, seed) => laboratory.run({ file, entry: index, experiment: k, length, seed }),
        scope.budget,
        firstSeed(index, k),
      ),
    ),
  );
  return { entry, ...outcomeOf(validations), validations };
};

const plan = (entry: Entry): readonly Experiment[] | { readonly reason: string } => {
  try {
    return experimentsOf(entry);
  } catch (error) {
    if (error instanceof NotModelled) return { reason: error.message };
    throw error;
  }
};

/** A queue that loses no one settles slowly near load 1; one that turns requests away does not. */
const beyond = ({ load, bounded }: Experiment, scope: Scope): boolean =>
  !bounded && load > scope.load + 1e-9;

/** Seeds of no two experiments meet: each has a thousand of its own. */
const firstSeed = (entry: number, experiment: number): number =>
  1 + 1000 * (20 * entry + experiment);

const outcomeOf = (validations: readonly Validation[]): Pick<Case, 'outcome' | 'reason'> => {
  const done = validations.filter(({ leftOut }) => leftOut === null);
  if (done.length === 0)
    return { outcome: 'left out', reason: validations.map(({ leftOut }) => leftOut).join('; ') };
  return { outcome: done.every(holds) ? 'passed' : 'failed', reason: null };
};

/** No quantity failed, and the headline was measured as precisely as it should be. */
export const holds = ({ judgements }: Validation): boolean =>
  judgements[0]?.finding === 'passed' && judgements.every(({ finding }) => finding !== 'failed');
