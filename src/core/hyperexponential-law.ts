/**
 * Two exponential phases, of which a draw takes one by chance: the simplest law with a cv above 1 whose queues have
 * closed forms. Mean 1; with balanced means each phase carries half of it (Tijms, "A first course in stochastic models",
 * 2003, appendix B), so the cv alone decides.
 *
 * Choosing the phase by the uniform would be quicker, but then a larger uniform could mean a shorter duration, and
 * common random numbers would lose their grip. So this inverts the mixture: ln of its survival is convex, and no phase
 * alone outlives both, which gives Newton a start left of the root.
 */
import { newton } from './newton.ts';

/** The quantile function of the law of this cv, at least 1. */
export const hyperexponentialQuantile = (cv: number): ((u: number) => number) => {
  const square = cv * cv;
  const quick = (1 + Math.sqrt((square - 1) / (square + 1))) / 2;
  const slow = 1 - quick;
  const [quickRate, slowRate] = [2 * quick, 2 * slow];
  const hazardAtZero = quick * quickRate + slow * slowRate;
  return (u) => {
    const target = Math.log(1 - u);
    const start = Math.max(-target / hazardAtZero, (Math.log(slow) - target) / slowRate);
    return newton(start, (x) => {
      const [inQuick, inSlow] = [quick * Math.exp(-quickRate * x), slow * Math.exp(-slowRate * x)];
      const survival = inQuick + inSlow;
      return ((target - Math.log(survival)) * survival) / (inQuick * quickRate + inSlow * slowRate);
    });
  };
};
