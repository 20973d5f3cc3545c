/**
 * Replays a trace of counts per interval. Inside an interval its arrivals lie as those of a Poisson process that happened
 * to yield that count: independent uniforms, sorted. They are drawn in order, each from the law of the least of those left
 * (Bentley and Saxe, "Generating sorted lists of random numbers", ACM TOMS 6, 1980), so no interval is held in memory.
 *
 * A scale multiplies each count: its whole part exactly, its fraction by keeping each arrival with that probability.
 * Draws are keyed by (interval, number within it).
 */
import { Draws } from '../../core/rng.ts';
import { NEVER, toMicros, type Millis } from '../../core/units.ts';
import type { ArrivalStream } from './arrival-stream.ts';

/** `counts`: whole numbers; `length` of an interval in ms. */
export const countStream = (
  counts: Float64Array,
  length: Millis,
  scale: number,
  seed: number,
): ArrivalStream => {
  const places = new Draws(seed, 'arrivals');
  const chances = new Draws(seed, 'arrivals/thinning');
  const whole = Math.floor(scale);
  const fraction = scale - whole;
  let interval = -1;
  let taken = 0;
  let left = 0;
  /** Share of the interval that lies behind its last arrival. */
  let ahead = 1;

  const scaled = (count: number): number => {
    let kept = whole * count;
    if (fraction > 0)
      for (let k = 0; k < count; k++) if (chances.uniform(interval, k) < fraction) kept++;
    return kept;
  };

  return {
    next: () => {
      while (left === 0) {
        if (++interval >= counts.length) return NEVER;
        left = scaled(Math.round(counts[interval]!));
        taken = 0;
        ahead = 1;
      }
      ahead *= places.uniform(interval, taken++) ** (1 / left--);
      return toMicros((interval + 1 - ahead) * length);
    },
  };
};

/** Arrivals up to `until`, before scaling; an interval in progress counts by its share. */
export const countsUntil = (counts: Float64Array, length: Millis, until: Millis): number => {
  let sum = 0;
  for (let i = 0; i < counts.length && i * length < until; i++)
    sum += counts[i]! * Math.min(1, until / length - i);
  return sum;
};
