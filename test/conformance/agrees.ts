/** How a number that was computed is held against one that a case gives. */
import { z } from 'zod';

export const RANGE = z.tuple([z.number(), z.number()]);

/** Equal but for the last bits: one part in 10^9. */
export const agrees = (got: number, expected: number): boolean =>
  Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected));

/** Bounds included. */
export const within = (got: number, [low, high]: z.output<typeof RANGE>): boolean =>
  got >= low && got <= high;
