/**
 * Checks one experiment: a short first try tells how long replications must be for a standard error of 1 %, then 30 are
 * made that long and judged. Both steps look at the spread alone, never at the reference.
 *
 * A quantity that would cost more than the budget (rare events, moments of heavy tails) does not decide the length: it is
 * still held to 4 standard errors, and reported as imprecise. If it is the headline, the entry is left out.
 *
 * A failure is tried again with fresh seeds and twice the length, and only the second verdict counts: of some 500
 * quantities chance alone would fail one in every fifth file of references, and a wrong simulator fails twice.
 */
import { wantedPrecision, type Judgement } from './acceptance.ts';
import type { Experiment } from './experiment.ts';
import { Replications, type Replicate } from './replications.ts';
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

/** Requests that may be simulated for one verdict. */
export interface Budget {
  /** To get the headline right: an entry that would take more is left out. */
  readonly headline: number;
  /** To get other key quantities right as well. */
  readonly key: number;
  /** To get ordinary quantities right as well. */
  readonly ordinary: number;
}

/** Aimed at, hardly below what is accepted: who falls short, as the spread of 30 figures is uncertain, goes on a little. */
const AIM = 0.93;
/** Times a set is made longer because it was imprecise; from the second on key quantities alone ask for it. */
const EXTENSIONS = 8;
const FRESH_SEEDS = 500;

/** `budget`: what may be simulated for one verdict. `seed`: of the first replication. */
export const validate = async (
  experiment: Experiment,
  replicate: Replicate,
  budget: Budget,
  seed: number,
): Promise<Validation> => {
  const { pilot, quantities } = experiment;
  const cost = (length: number) => experiment.replications * experiment.requests(length);
  if (cost(pilot) > budget.headline)
    return leftOut(experiment, `a first try alone takes ${millions(cost(pilot))} requests`);
  const first = new Replications(experiment, replicate, seed);
  await first.lengthen(pilot);
  for (let extension = 0; extension < EXTENSIONS; extension++) {
    const lengths = first.judgements().map((judgement) => first.length * stretchOf(judgement));
    // What has been begun may run over.
    if (cost(lengths[0]!) > budget.headline * (extension === 0 ? 1 : 2))
      return leftOut(experiment, `its headline takes ${millions(cost(lengths[0]!))} requests`);
    const affordable = lengths.filter((each, k) => {
      const { weight } = quantities[k]!;
      if (k === 0) return true;
      if (weight === 'key') return cost(each) <= budget.key;
      return extension === 0 && cost(each) <= budget.ordinary;
    });
    const longest = Math.max(...affordable);
    if (longest <= first.length) break;
    await first.lengthen(longest);
  }
  const isSuspect = first.judgements().some(({ finding }) => finding === 'failed');
  if (!isSuspect || experiment.replications === 1) return verdict(experiment, first, isSuspect);
  const second = new Replications(experiment, replicate, seed + FRESH_SEEDS);
  await second.lengthen(2 * first.length);
  return verdict(experiment, second, true);
};

const verdict = (
  experiment: Experiment,
  replications: Replications,
  confirmed: boolean,
): Validation => ({
  experiment,
  judgements: replications.judgements(),
  leftOut: null,
  requests: replications.requests,
  confirmed,
});

const leftOut = (experiment: Experiment, reason: string): Validation => ({
  experiment,
  judgements: [],
  leftOut: reason,
  requests: 0,
  confirmed: false,
});

/** How many times as long replications must be; 1 if they are long enough, Infinity if that cannot be told. */
const stretchOf = ({ quantity, precision, se, mean }: Judgement): number => {
  if (quantity.weight === 'extreme' || precision <= wantedPrecision(quantity)) {
    const nothingSeen = se === 0 && mean === 0 && quantity.expected !== 0;
    return nothingSeen ? Infinity : 1;
  }
  return (precision / (AIM * wantedPrecision(quantity))) ** 2;
};
