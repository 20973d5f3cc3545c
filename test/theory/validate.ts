/**
 * Checks one experiment: a short first try tells how long replications must be for a standard error of 1 %, then 30 of
 * that length are judged. Both steps look at the spread alone, never at the reference.
 *
 * A quantity that would cost more than the budget (rare events, moments of heavy tails) does not decide the length: it is
 * still held to 4 standard errors, and reported as imprecise. If it is the headline, the entry is left out.
 *
 * A failure is tried again with fresh seeds and twice the length, and only the second verdict counts: of some 500
 * quantities chance alone would fail one in every fifth file of references, and a wrong simulator fails twice.
 */
import { judge, wantedPrecision, type Judgement } from './acceptance.ts';
import type { Experiment } from './experiment.ts';
import type { Figures } from './figures.ts';
import { millions } from './wording.ts';

export interface Validation {
  readonly experiment: Experiment;
  readonly judgements: readonly Judgement[];
  /** Why it was not carried through; null if it was. */
  readonly leftOut: string | null;
  /** Requests simulated for the verdict. */
  readonly requests: number;
  /** The judgements are those of a second set of seeds. */
  readonly confirmed: boolean;
}

/** Computes the figures of one replication. */
export type Replicate = (length: number, seed: number) => Promise<Figures>;

/** Requests that may be simulated for one verdict. */
export interface Budget {
  /** To get the headline and other key quantities right. */
  readonly key: number;
  /** To get ordinary quantities right as well. */
  readonly ordinary: number;
}

/** Aimed at, below what is accepted: the spread of 30 figures is itself uncertain by an eighth. */
const AIM = 0.85;
/** Times a set is made longer because the one before was imprecise; from the second on key quantities alone ask for it. */
const EXTENSIONS = 3;
const FRESH_SEEDS = 500;

/** `budget`: what may be simulated for one verdict. `seed`: of the first replication. */
export const validate = async (
  experiment: Experiment,
  replicate: Replicate,
  budget: Budget,
  seed: number,
): Promise<Validation> => {
  const set = async (length: number, from: number): Promise<readonly Judgement[]> => {
    const seeds = Array.from({ length: experiment.replications }, (_, k) => from + k);
    const figures = await Promise.all(seeds.map((each) => replicate(length, each)));
    return experiment.quantities.map((quantity) => judge(quantity, figures));
  };
  const cost = (length: number) => experiment.replications * experiment.requests(length);
  const done = (judgements: readonly Judgement[], length: number, confirmed = false) => ({
    experiment,
    judgements,
    leftOut: null,
    requests: cost(length),
    confirmed,
  });
  const leftOut = (reason: string): Validation => ({
    ...done([], 0),
    leftOut: reason,
    requests: 0,
  });

  let length = experiment.pilot;
  if (cost(length) > budget.key)
    return leftOut(`a first try alone takes ${millions(cost(length))} requests`);
  let judgements = await set(length, seed);
  for (let extension = 0; extension < EXTENSIONS; extension++) {
    const lengths = judgements.map((judgement) => length * stretchOf(judgement));
    // What has been begun may run over a little.
    if (cost(lengths[0]!) > budget.key * (extension === 0 ? 1 : 1.5))
      return leftOut(`its headline takes ${millions(cost(lengths[0]!))} requests`);
    const affordable = lengths.filter((each, k) => {
      const { weight } = experiment.quantities[k]!;
      if (k === 0) return true;
      if (weight === 'key') return cost(each) <= budget.key;
      return extension === 0 && cost(each) <= budget.ordinary;
    });
    const longest = Math.max(length, ...affordable);
    if (longest === length) break;
    length = longest;
    judgements = await set(length, seed);
  }
  if (judgements.every(({ finding }) => finding !== 'failed')) return done(judgements, length);
  if (experiment.replications > 1) judgements = await set(2 * length, seed + FRESH_SEEDS);
  return done(judgements, 2 * length, true);
};

/** How many times as long replications must be; 1 if they are long enough, Infinity if that cannot be told. */
const stretchOf = ({ quantity, precision, se, mean }: Judgement): number => {
  if (quantity.weight === 'extreme' || precision <= wantedPrecision(quantity)) {
    const nothingSeen = se === 0 && mean === 0 && quantity.expected !== 0;
    return nothingSeen ? Infinity : 1;
  }
  return (precision / (AIM * wantedPrecision(quantity))) ** 2;
};
