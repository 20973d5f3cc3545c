/**
 * The gamma function and its regularised incomplete halves P (lower) and Q (upper), to about 14 digits.
 * Logarithms come out of all of them, since a gamma law of small shape lives at 1e-300 as well as at 1.
 *
 * ln Gamma: Lanczos' approximation with Godfrey's coefficients (g = 7, n = 9). P by its power series (DLMF 8.7.1), Q by
 * its continued fraction (DLMF 8.9.2) with Lentz's method, whichever converges; about 6 sqrt(shape) terms near the mean.
 */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
] as const;
const LANCZOS_G = 7;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const PRECISION = 1e-16;
/** Keeps Lentz's quotients off zero. */
const TINY = 1e-300;

/** Natural logarithm of Gamma(x), x > 0. */
export const logGamma = (x: number): number => {
  // Below 1/2 by way of Gamma(x + 1) = x Gamma(x).
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  let sum: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x - 1 + i);
  const t = x - 0.5 + LANCZOS_G;
  return HALF_LOG_TWO_PI + (x - 0.5) * Math.log(t) - t + Math.log(sum);
};

/** ln of x f(x), where f is the density of the gamma law of this shape and scale 1: the derivative of P by ln x. */
export const logDensityOfLog = (shape: number, logX: number, logGammaOfShape: number): number =>
  shape * logX - Math.exp(logX) - logGammaOfShape;

/** P and Q as logarithms, at x = exp(logX). */
export const logIncompleteGamma = (
  shape: number,
  logX: number,
  logGammaOfShape = logGamma(shape),
): { readonly lower: number; readonly upper: number } => {
  const x = Math.exp(logX);
  const front = logDensityOfLog(shape, logX, logGammaOfShape);
  if (x < shape + 1) {
    const lower = front + Math.log(seriesOfLower(shape, x));
    return { lower, upper: Math.log1p(-Math.min(1, Math.exp(lower))) };
  }
  const upper = front + Math.log(fractionOfUpper(shape, x));
  return { lower: Math.log1p(-Math.min(1, Math.exp(upper))), upper };
};

/** P = x^a e^-x / Gamma(a) times sum of x^n / (a (a + 1) ... (a + n)). */
const seriesOfLower = (shape: number, x: number): number => {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * PRECISION; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
};

/** Q = x^a e^-x / Gamma(a) times 1/(x + 1 - a - 1(1 - a)/(x + 3 - a - 2(2 - a)/(x + 5 - a - ...))). */
const fractionOfUpper = (shape: number, x: number): number => {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  let change = 0;
  for (let n = 1; Math.abs(change - 1) > 2 * PRECISION && n < 1e6; n++) {
    const a = n * (shape - n);
    b += 2;
    d = 1 / nonZero(a * d + b);
    c = nonZero(b + a / c);
    change = c * d;
    fraction *= change;
  }
  return fraction;
};

const nonZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);
