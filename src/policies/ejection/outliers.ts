/**
 * The arithmetic of outliers that Envoy and gRPC A50 share: a server is one when its success rate lies below the mean
 * of all judged servers by more than `stdevFactor` standard deviations (of the population). One bad server among n
 * stands sqrt(n - 1) deviations below the mean, however bad it is: with a factor of 1.9 fewer than 5 servers never have
 * an outlier, which is why both ask for 5; and several bad ones widen the deviation and hide each other.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, zNumber } from '../../core/units.ts';

export interface Spread {
  readonly mean: number;
  readonly stdev: number;
  /** A rate below this is an outlier's. */
  readonly threshold: number;
}

/** `rates` is not empty; all in one unit, which is the result's. */
export const spreadOf = (rates: readonly number[], stdevFactor: number): Spread => {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length;
  const stdev = Math.sqrt(variance);
  return { mean, stdev, threshold: mean - stdevFactor * stdev };
};

/** Is this rate an outlier's? The grain keeps a rounding error of equal rates from being one. */
export const isBelow = (rate: number, { threshold }: Spread): boolean => rate < threshold - 1e-12;

/** Given up by the caller, or never sent: nothing that tells of the server. */
export const saysNothing = (outcome: Outcome): boolean => NOTHING.has(outcome);

const NOTHING: ReadonlySet<string> = new Set(['cancelled', 'no-server', 'circuit-open', 'shed']);

/** Is this one of the `share` of cases in which an ejection is made? No dice are thrown for 0 % and 100 %. */
export const enforced = (share: number, rng: Rng): boolean =>
  share >= 1 || (share > 0 && rng.next() < share);

/** Which servers are judged by success rate, and by failure percentage. */
export const zMinima = {
  successRateServers: () =>
    zCount({ min: 1 })
      .prefault(5)
      .describe('success rates are compared when so many servers have calls enough'),
  successRateCalls: () =>
    zCount({ min: 1 })
      .prefault(100)
      .describe('calls in an interval from which a success rate counts'),
  stdevFactor: () =>
    zNumber({ min: 0 })
      .prefault(1.9)
      .describe('standard deviations below the mean success rate that make an outlier'),
  failureServers: () =>
    zCount({ min: 1 })
      .prefault(5)
      .describe('failure percentages are judged when so many servers have calls enough'),
  failureCalls: () =>
    zCount({ min: 1 })
      .prefault(50)
      .describe('calls in an interval from which a failure percentage counts'),
};
