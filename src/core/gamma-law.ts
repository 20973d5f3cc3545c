/**
 * The quantile of a gamma law with scale 1, found in ln x by Newton's method on ln P below the median and on ln Q above.
 * Both are concave in ln x (the law of ln x has a log-concave density), hence the safe starts below.
 *
 * Beyond shape 10,000 (a cv under 1 %) Wilson and Hilferty's cube (1931) replaces the search, whose series would need
 * thousands of terms: it errs less than 1e-6 for u from 1e-6 to 1 - 1e-6, and 6e-6 at the very ends.
 */
import { logDensityOfLog, logGamma, logIncompleteGamma } from './gamma-function.ts';
import { newton } from './newton.ts';
import { normalQuantile } from './normal.ts';
import type { PositiveLaw } from './quantile-table.ts';

const NEARLY_NORMAL = 10_000;

/** Shape > 0. */
export const gammaLaw = (shape: number): PositiveLaw => {
  const logGammaOfShape = logGamma(shape);
  const densityOfLog = (logX: number): number =>
    Math.exp(logDensityOfLog(shape, logX, logGammaOfShape));
  const search = (u: number, start: number): number => {
    const lowerHalf = u <= 0.5;
    const target = Math.log(lowerHalf ? u : 1 - u);
    return newton(start, (logX) => {
      const { lower, upper } = logIncompleteGamma(shape, logX, logGammaOfShape);
      const log = lowerHalf ? lower : upper;
      const logDensity = logDensityOfLog(shape, logX, logGammaOfShape);
      const slope = Math.exp(logDensity - log);
      return (log - target) / (lowerHalf ? slope : -slope);
    });
  };
  const startFor = (u: number): number => {
    // P(x) <= x^a / Gamma(a + 1), so this is left of the root.
    const left = (Math.log(u) + logGammaOfShape + Math.log(shape)) / shape;
    if (u <= 0.5) return Math.max(left, logOfCube(shape, u));
    // Of shape below 1 the law is stochastically below the exponential, so this is right of the root.
    return shape < 1 ? Math.log(-Math.log(1 - u)) : logOfCube(shape, u);
  };
  return {
    densityOfLog,
    logQuantile: (u, near) =>
      shape > NEARLY_NORMAL ? logOfCube(shape, u) : search(u, near ?? startFor(u)),
  };
};

/** ln of Wilson and Hilferty's quantile; -Infinity where their cube is negative. */
const logOfCube = (shape: number, u: number): number => {
  const spread = 1 / (9 * shape);
  const root = 1 - spread + normalQuantile(u) * Math.sqrt(spread);
  return root > 0 ? Math.log(shape) + 3 * Math.log(root) : -Infinity;
};
