/**
 * Student's t distribution, for real degrees of freedom (Welch's are not whole). Everything rests on one identity,
 * P(|T| > t) = I_x(v/2, 1/2) with x = v / (v + t^2) (Abramowitz & Stegun 26.7.1, 26.5.27), I being the regularised
 * incomplete beta function. Working in the tail itself keeps small p-values exact where 1 - cdf would cancel to 0.
 * Checked against printed tables and against a closed form for 1 and 2 degrees of freedom.
 */
import { logGamma } from '../core/gamma-function.ts';

/** P(|T| > |t|): the two-sided p-value. `t` may be infinite; `df` > 0. */
export const twoSidedTail = (t: number, df: number): number => {
  if (!Number.isFinite(t)) return 0;
  return regularisedBeta(df / (df + t * t), df / 2, 0.5);
};

/** The t with P(T <= t) = p, for p in (0, 1). */
export const tQuantile = (p: number, df: number): number =>
  p < 0.5 ? -criticalT(2 * p, df) : criticalT(2 * (1 - p), df);

/**
 * The t with P(|T| > t) = alpha, for alpha in (0, 1]: the half-width, in standard errors, of a 1 - alpha interval.
 * Remembered, because bands and rankings ask for the same few over and over.
 */
export const criticalT = (alpha: number, df: number): number => {
  const key = `${alpha} ${df}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const t = solveTail(alpha, df);
  remembered.set(key, t);
  return t;
};

const remembered = new Map<string, number>();

/** Bisection: the tail falls steadily, and 200 halvings reach the last bit from any bracket. */
const solveTail = (alpha: number, df: number): number => {
  let low = 0;
  let high = 1;
  while (twoSidedTail(high, df) > alpha) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (twoSidedTail(middle, df) > alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** I_x(a, b); the continued fraction converges fast on one side of the mean, symmetry (DLMF 8.17.4) brings us there. */
const regularisedBeta = (x: number, a: number, b: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x < (a + 1) / (a + b + 2)
    ? betaFront(x, a, b) * betaFraction(x, a, b)
    : 1 - betaFront(1 - x, b, a) * betaFraction(1 - x, b, a);
};

/** x^a (1-x)^b / (a B(a, b)), in logarithms. */
const betaFront = (x: number, a: number, b: number): number =>
  Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;

/** The continued fraction of DLMF 8.17.22, evaluated by Lentz's method as modified by Thompson and Barnett (1986). */
const betaFraction = (x: number, a: number, b: number): number => {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
};

const awayFromZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
