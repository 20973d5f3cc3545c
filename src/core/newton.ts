/**
 * Newton's method for a root that is approached from one side. Quantiles are sought on logarithms of distribution
 * functions, which are concave (gamma) or convex (hyperexponential): after at most one overshoot the steps run towards
 * the root without crossing it, so no bracket is needed.
 */
const STEPS = 200;
/** Newton squares the error: after a step this small nothing is left to gain. */
const CLOSE = 1e-9;

/** A root of `f` near `start`; `step(x)` is f(x) / f'(x). */
export const newton = (start: number, step: (x: number) => number): number => {
  let x = start;
  for (let i = 0; i < STEPS; i++) {
    const by = step(x);
    x -= by;
    if (Math.abs(by) <= CLOSE * (1 + Math.abs(x))) break;
  }
  return x;
};
