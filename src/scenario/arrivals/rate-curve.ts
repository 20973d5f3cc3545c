/**
 * A rate that changes with time, as its integral and the inverse of that. A process of rate 1 run through `reach` is a
 * process of the curve's rate: one uniform an arrival, where thinning would need a number of them that depends on the
 * curve (inversion: Cinlar, "Introduction to stochastic processes", 1975, ch. 4.7; Lewis and Shedler 1979 compare).
 * Instants in ms from 0, rates a second.
 */
import type { Millis } from '../../core/units.ts';

export interface RateCurve {
  /** Arrivals expected in [0, at]. */
  expected(at: Millis): number;
  /** When that many (more than 0) are expected; Infinity if never. */
  reach(arrivals: number): Millis;
}

const SECOND = 1000;

export const steady = (rate: number): RateCurve => ({
  expected: (at) => (rate * at) / SECOND,
  reach: (arrivals) => (arrivals * SECOND) / rate,
});

/** A straight line `from` to `to` over the first `over` ms, then level. */
export const ramp = (from: number, to: number, over: Millis): RateCurve => {
  const whole = ((from + to) / 2 / SECOND) * over;
  const perMs = from / SECOND;
  const gain = (to - from) / SECOND / over;
  return {
    expected: (at) =>
      at < over ? (perMs + (gain * at) / 2) * at : whole + ((at - over) * to) / SECOND,
    reach: (arrivals) => {
      if (arrivals >= whole) return over + ((arrivals - whole) * SECOND) / to;
      // The root of gain/2 t^2 + perMs t = arrivals, in the form that does not cancel when gain is small.
      const root = Math.sqrt(Math.max(0, perMs * perMs + 2 * gain * arrivals));
      return (2 * arrivals) / (perMs + root);
    },
  };
};

/** Level from each step to the next; 0 before the first. At least one, ascending in `at`. */
export const steps = (
  list: readonly { readonly at: Millis; readonly rate: number }[],
): RateCurve => {
  const before = [0];
  for (const [i, { at, rate }] of list.slice(0, -1).entries())
    before.push(before[i]! + ((list[i + 1]!.at - at) * rate) / SECOND);
  return {
    expected: (at) => {
      const i = lastIndex(list.length, (j) => list[j]!.at <= at);
      return i < 0 ? 0 : before[i]! + ((at - list[i]!.at) * list[i]!.rate) / SECOND;
    },
    // The last step that begins below the count: one of rate 0 begins where its successor does, and is passed over.
    reach: (arrivals) => {
      const i = lastIndex(list.length, (j) => before[j]! < arrivals);
      return list[i]!.at + ((arrivals - before[i]!) * SECOND) / list[i]!.rate;
    },
  };
};

/** The last of `length` indices for which `holds`, which holds for the first so many; -1 if for none. */
const lastIndex = (length: number, holds: (index: number) => boolean): number => {
  let low = -1;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
};
