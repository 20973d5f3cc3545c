/**
 * Holm's step-down procedure (A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979): among
 * m tests the smallest p-value must beat alpha / m, the next alpha / (m - 1), and so on; the first that fails stops the
 * rest. It keeps the chance of even one false claim in the family at alpha, whatever the dependence between the tests.
 * (Unadjusted, the "best" of 20 identical policies beats another in 87 % of cases.)
 */

/**
 * The level at which each hypothesis is tested, such that Holm rejects it exactly when p <= level. Hypotheses behind the
 * one that stopped the procedure get the level at which it stopped, so an interval drawn at that level covers 0 for all
 * of them: what is shown agrees with what is claimed.
 * `familySize` counts hypotheses that were declared but could not be tested; they stand last, with p = 1.
 */
export const holmLevels = (
  pValues: readonly number[],
  alpha: number,
  familySize = pValues.length,
): number[] => {
  const levels = new Array<number>(pValues.length);
  let steps = 0;
  for (const { p, index } of ascending(pValues)) {
    const level = alpha / (familySize - steps);
    levels[index] = level;
    if (p <= level) steps++;
  }
  return levels;
};

/** Which hypotheses Holm rejects. */
export const holm = (pValues: readonly number[], alpha: number): boolean[] => {
  const levels = holmLevels(pValues, alpha);
  return pValues.map((p, index) => p <= (levels[index] ?? 0));
};

const ascending = (pValues: readonly number[]): { p: number; index: number }[] =>
  pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p || a.index - b.index);
