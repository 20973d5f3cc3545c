/**
 * Tests of randomness as z-scores: each answers "how many standard errors is this from what theory says", so that a
 * claim reads `Math.abs(z) < 4` whatever the statistic.
 */

/** Sum of squares that should be chi-square with `freedom` degrees, by Wilson and Hilferty's cube root (1931). */
export const zOfChiSquare = (sum: number, freedom: number): number => {
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(sum / freedom) - (1 - spread)) / Math.sqrt(spread);
};

/** Of equal cells that each should hold the same share of all counts. */
export const zOfCounts = (counts: ArrayLike<number>): number => {
  const all = Array.from(counts);
  const expected = all.reduce((a, b) => a + b, 0) / all.length;
  return zOfChiSquare(
    all.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0),
    all.length - 1,
  );
};

const UNIFORM_SD = Math.sqrt(1 / 12);

/** The mean of `n` uniforms against 1/2. */
export const zOfMean = (mean: number, n: number): number =>
  (mean - 0.5) / (UNIFORM_SD / Math.sqrt(n));

/** The spread of many means of `n` uniforms against theory: too wide is positive, too narrow negative. */
export const zOfSpread = (means: readonly number[], n: number): number =>
  zOfChiSquare(
    means.reduce((sum, mean) => sum + zOfMean(mean, n) ** 2, 0),
    means.length,
  );

/** Products of paired uniforms, whose correlation should be 0. */
export const zOfPairs = (xs: readonly number[], ys: readonly number[]): number => {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += (xs[i]! - 0.5) * (ys[i]! - 0.5);
  return (sum * 12) / Math.sqrt(xs.length);
};

/** Mean of a sample against a theory that knows its standard deviation. */
export const zOfSample = (mean: number, expected: number, sd: number, n: number): number =>
  (mean - expected) / (sd / Math.sqrt(n));
