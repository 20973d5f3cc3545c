/** Timers of Node for waits of any length. */
import type { Millis } from '../core/units.ts';

/** The longest delay that setTimeout takes, ms (31 bits): who waits for longer looks again then. */
export const LONGEST_TIMER: Millis = 2 ** 31 - 1;

/** Calls `ring` after `delay` ms, in whole ones and by a clock of Node's own: it may come a fraction of one too soon. */
export const startTimer = (delay: Millis, ring: () => void): NodeJS.Timeout =>
  setTimeout(ring, Math.min(Math.max(0, Math.ceil(delay)), LONGEST_TIMER));
