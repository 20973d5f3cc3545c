import type { Millis } from '../../core/units.ts';

/** Arrival instants in order, ties allowed, in whole microseconds; a function of the seed alone. */
export interface ArrivalStream {
  /** The next arrival; NEVER when there is none (a trace has ended, a rate has fallen to 0 for good). */
  next(): Millis;
}
