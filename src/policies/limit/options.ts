/** Options that the adaptive limits share. */
import type { z } from 'zod';
import { zCount } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { zLimitScope } from './scope.ts';

export interface Range {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

/** The three bounds and the scope, with their defaults. */
export const rangeOptions = ({ initial, min, max }: Range) => ({
  initial: zCount({ min: 1 }).prefault(initial).describe('calls in flight allowed at first'),
  min: zCount({ min: 1 }).prefault(min).describe('the limit never falls below'),
  max: zCount({ min: 1 }).prefault(max).describe('the limit never rises above'),
  scope: zLimitScope(),
});

/** `options`, refused where `initial` is out of the range. */
export const ordered = <Schema extends z.ZodObject>(options: Schema): Schema =>
  options
    .superRefine(within('max', 'at least', 'min'))
    .superRefine(within('initial', 'at least', 'min'))
    .superRefine(within('initial', 'at most', 'max'));
