/**
 * From a contrast to a verdict. `better` and `worse` need two things: an interval that excludes 0 (it is real) and a mean
 * beyond the margin (it matters). `equivalent` needs the whole interval inside the margin: two one-sided tests in one
 * (Schuirmann 1987, here at the stricter level of the shown interval). Everything else is `undecided`, which is an
 * answer too, and comes with the number of seeds that would settle it. Runs identical in every metric are equivalent
 * without any test; a single metric that happens to agree over a few runs (no error yet on either side) is not.
 */
import type { Direction } from '../core/metrics.ts';
import { interval, pValue, type Contrast } from './contrast.ts';
import { holmLevels } from './holm.ts';
import type { Estimate, Verdict } from './results.ts';
import { seedsToSettle } from './seeds-to-settle.ts';
import { ALPHA } from './statistics.ts';

/** Fewer runs are exploratory: they carry no claim. */
export const FEWEST_RUNS = 10;

export interface Question {
  readonly contrast: Contrast;
  /** In the metric's unit, at least 0. */
  readonly margin: number;
  readonly better: Direction;
  /** False: a side is unstable, and its mean says how long the run was rather than how good the policy is. */
  readonly stable: boolean;
  /** The runs behind it are equal, pair by pair, in every metric: the policies did the same. */
  readonly sameRuns: boolean;
}

export interface Ruling {
  /** With the interval that the verdict rests on. */
  readonly difference: Estimate;
  readonly verdict: Verdict;
  /** Null when decided or not foreseeable. */
  readonly seedsToSettle: number | null;
}

/** Questions answered each for itself, at 5 %. */
export const rule = (question: Question): Ruling => ruleAt(question, ALPHA);

/**
 * Questions answered together, Holm-adjusted. `familySize` may exceed their number: a family is what was declared
 * before the runs, and what could not be measured in the end does not make the rest more certain.
 */
export const ruleFamily = (
  questions: readonly Question[],
  familySize = questions.length,
): readonly Ruling[] => {
  const pValues = questions.map(({ contrast, stable }) => (stable ? pValue(contrast) : 1));
  const levels = holmLevels(pValues, ALPHA, Math.max(familySize, questions.length));
  return questions.map((question, index) => ruleAt(question, levels[index]!));
};

const ruleAt = (question: Question, alpha: number): Ruling => {
  const { contrast, margin, stable } = question;
  const difference = interval(contrast, alpha);
  const verdict = judge(question, difference);
  const open = verdict === 'undecided' && stable;
  return {
    difference,
    verdict,
    seedsToSettle: open ? seedsToSettle(contrast, margin, alpha, FEWEST_RUNS) : null,
  };
};

const judge = (
  { contrast, margin, better, stable, sameRuns }: Question,
  { low, high }: Estimate,
): Verdict => {
  if (sameRuns) return 'equivalent';
  if (!stable || contrast.runs < FEWEST_RUNS || low === null || high === null) return 'undecided';
  if (low >= -margin && high <= margin) return 'equivalent';
  const real = low > 0 || high < 0;
  if (!real || Math.abs(contrast.mean) <= margin || better === 'none') return 'undecided';
  return contrast.mean < 0 === (better === 'lower') ? 'better' : 'worse';
};
