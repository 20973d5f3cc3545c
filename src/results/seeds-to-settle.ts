/**
 * How many seeds would settle an undecided comparison, if the differences keep their present mean and spread. A plain
 * "the interval would just miss 0" would settle it only every other time, so the count is the classical sample size: the
 * one at which the verdict falls with 80 % probability (Chow, Shao & Wang, Sample Size Calculations in Clinical Research,
 * chapter 3; t instead of normal quantiles, hence the search).
 */
import { withRuns, type Contrast } from './contrast.ts';
import { criticalT, tQuantile } from './student-t.ts';

/** Beyond this the honest answer is "not foreseeable". */
const MOST_RUNS = 10_000;
/** Chance that so many seeds do settle it. */
const POWER = 0.8;

/** At least `fewest`; null when the variance is unknown or more than 10,000 seeds were needed. */
export const seedsToSettle = (
  contrast: Contrast,
  margin: number,
  alpha: number,
  fewest: number,
): number | null => {
  if (contrast.runs < 2) return null;
  const settles = (runs: number) => wouldSettle(withRuns(contrast, runs), margin, alpha);
  if (!settles(MOST_RUNS)) return null;
  let [tooFew, enough] = [1, MOST_RUNS];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (settles(middle)) enough = middle;
    else tooFew = middle;
  }
  return Math.max(enough, fewest);
};

/** Either the difference would be shown to be real and to exceed the margin, or to lie inside the margin. */
const wouldSettle = (contrast: Contrast, margin: number, alpha: number): boolean => {
  const { standardError, degreesOfFreedom } = contrast;
  const size = Math.abs(contrast.mean);
  const half = standardError * criticalT(alpha, degreesOfFreedom);
  if (size > margin) {
    const luck = standardError * tQuantile(POWER, degreesOfFreedom);
    return half + luck <= size && luck <= size - margin;
  }
  // Both ends must lie inside, so the risk is shared between them.
  const luck = standardError * tQuantile((1 + POWER) / 2, degreesOfFreedom);
  return size + half + luck <= margin;
};
