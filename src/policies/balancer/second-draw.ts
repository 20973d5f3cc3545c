/** The second of two distinct draws: uniform over the indexes that are not `first`, by stepping over it. */
import type { Rng } from '../../core/rng.ts';

/** In [0, size), never `first`; `size` >= 2. */
export const secondDraw = (rng: Rng, size: number, first: number): number => {
  const index = rng.below(size - 1);
  return index >= first ? index + 1 : index;
};
