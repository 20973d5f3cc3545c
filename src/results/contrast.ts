/**
 * A contrast: how far apart two contenders are on one metric, and how surely. Paired over equal seeds when both met the
 * same demand (common random numbers take 2 to 23 times the variance out of a difference, Law, Simulation Modeling and
 * Analysis, section 11.2), by Welch's test (Biometrika 34, 1947) when their runs are independent.
 */
import { invariant } from '../core/invariant.ts';
import type { Estimate } from './results.ts';
import { mean, variance } from './statistics.ts';
import { criticalT, twoSidedTail } from './student-t.ts';

export interface Contrast {
  /** Contender - baseline. */
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Replications behind it: pairs, or the smaller of the two sides. */
  readonly runs: number;
}

/** Values at equal indices come from equal seeds; at least one pair. */
export const paired = (baseline: readonly number[], contender: readonly number[]): Contrast => {
  invariant(baseline.length === contender.length, 'a paired comparison needs pairs');
  const differences = contender.map((value, run) => value - (baseline[run] ?? NaN));
  return {
    mean: mean(differences),
    standardError: Math.sqrt(variance(differences) / differences.length),
    degreesOfFreedom: differences.length - 1,
    runs: differences.length,
  };
};

/** Independent runs, unequal variances, at least one on each side. Degrees of freedom after Satterthwaite (1946). */
export const welch = (baseline: readonly number[], contender: readonly number[]): Contrast => {
  const [a, b] = [baseline, contender].map((side) => variance(side) / side.length);
  invariant(a !== undefined && b !== undefined, 'two sides give two variances');
  const runs = Math.min(baseline.length, contender.length);
  const spread = a ** 2 / (baseline.length - 1) + b ** 2 / (contender.length - 1);
  return {
    mean: mean(contender) - mean(baseline),
    standardError: Math.sqrt(a + b),
    degreesOfFreedom: runs > 1 && spread > 0 ? (a + b) ** 2 / spread : runs - 1,
    runs,
  };
};

/**
 * Two-sided p-value of "no difference". Without variance a difference is certain (0) or nil (1); a single run, whose
 * variance nobody knows, gives 1.
 */
export const pValue = (contrast: Contrast): number => {
  if (contrast.runs < 2 || contrast.mean === 0) return 1;
  return twoSidedTail(contrast.mean / contrast.standardError, contrast.degreesOfFreedom);
};

/** The 1 - alpha interval of the difference. */
export const interval = (contrast: Contrast, alpha: number): Estimate => {
  const { mean: centre, standardError, degreesOfFreedom, runs } = contrast;
  if (runs < 2) return { mean: centre, low: null, high: null };
  const half = standardError === 0 ? 0 : standardError * criticalT(alpha, degreesOfFreedom);
  return { mean: centre, low: centre - half, high: centre + half };
};

/** The same contrast as it would look with so many runs, were mean and variance to stay. */
export const withRuns = (contrast: Contrast, runs: number): Contrast => ({
  mean: contrast.mean,
  standardError: contrast.standardError * Math.sqrt(contrast.runs / runs),
  degreesOfFreedom: (contrast.degreesOfFreedom * (runs - 1)) / (contrast.runs - 1),
  runs,
});
