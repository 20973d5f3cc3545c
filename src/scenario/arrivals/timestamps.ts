/**
 * Replays a trace of timestamps. At scale 1 as recorded, ties included.
 *
 * Less: each arrival is kept with that probability, keyed by its index; a smaller scale keeps a subset of a larger's.
 * More: copies are superposed, the last one thinned to the fraction, as more clients of the same kind would look; time
 * is never squeezed. A copy keeps its own bursts but is shifted around the trace (circularly) by a keyed offset of up to a
 * hundredth of the span, or ten mean gaps if that is longer: far enough that copies do not arrive hand in hand, and near
 * enough that the rate keeps its shape. (A shift by anything up to the whole span would flatten a day's curve.)
 */
import { Draws } from '../../core/rng.ts';
import { NEVER, toMicros, type Millis } from '../../core/units.ts';
import type { ArrivalStream } from './arrival-stream.ts';

const SHARE_OF_SPAN = 1 / 100;
const MEAN_GAPS = 10;

/** `instants`: sorted, ms from 0. */
export const timestampStream = (
  instants: Float64Array,
  scale: number,
  seed: number,
): ArrivalStream => {
  const chances = new Draws(seed, 'arrivals/thinning');
  const offsets = new Draws(seed, 'arrivals/offsets');
  const span = instants.at(-1) ?? 0;
  const furthest = span * Math.min(1, Math.max(SHARE_OF_SPAN, MEAN_GAPS / instants.length));
  const whole = Math.floor(scale);
  const copies: ArrivalStream[] = [];
  for (let copy = 0; copy < scale; copy++) {
    const offset = copy === 0 ? 0 : offsets.uniform(copy) * furthest;
    const share = copy < whole ? 1 : scale - whole;
    const kept = (index: number): boolean => share === 1 || chances.uniform(index, copy) < share;
    copies.push(rotated(instants, offset, kept));
  }
  return copies.length === 1 ? copies[0]! : merged(copies);
};

/** The instants that are `kept`, `offset` later, and what that carries past the end brought round to the beginning. */
const rotated = (
  instants: Float64Array,
  offset: Millis,
  kept: (index: number) => boolean,
): ArrivalStream => {
  const { length } = instants;
  const span = instants[length - 1] ?? 0;
  const first = offset === 0 ? 0 : firstFrom(instants, span - offset);
  let taken = 0;
  return {
    next: () => {
      while (taken < length) {
        const index = (first + taken) % length;
        const wraps = first + taken < length && offset > 0;
        taken++;
        if (kept(index)) return toMicros(instants[index]! + offset - (wraps ? span : 0));
      }
      return NEVER;
    },
  };
};

/** Index of the first instant at or after `from`. */
const firstFrom = (instants: Float64Array, from: Millis): number => {
  let [low, high] = [0, instants.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instants[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** A scan over the heads: scales are small numbers. */
const merged = (streams: readonly ArrivalStream[]): ArrivalStream => {
  const heads = Float64Array.from(streams, (stream) => stream.next());
  return {
    next: () => {
      let first = 0;
      for (let i = 1; i < heads.length; i++) if (heads[i]! < heads[first]!) first = i;
      const at = heads[first] ?? NEVER;
      if (at !== NEVER) heads[first] = streams[first]!.next();
      return at;
    },
  };
};

/** Recorded arrivals up to `until`, before scaling. */
export const timestampsUntil = (instants: Float64Array, until: Millis): number =>
  firstFrom(instants, until);
