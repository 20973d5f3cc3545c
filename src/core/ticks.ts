/**
 * The bins of a run's series: as many in every world, so that a simulated and a live curve have the same points. At the
 * end of each a world lets its observer look: gauges are read, and the fleet's books are recounted.
 */
import type { Millis } from './units.ts';

/** Bins of a series, over the whole duration. */
export const BINS = 120;

/** When each bin ends, and the warm-up, ms; last first, each once. */
export const ticksOf = (duration: Millis, warmup: Millis): Millis[] => {
  const ends = Array.from({ length: BINS }, (_, bin) => (duration * (bin + 1)) / BINS);
  return [...new Set([...ends, warmup])].sort((a, b) => b - a);
};
