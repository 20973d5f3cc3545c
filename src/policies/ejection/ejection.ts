/**
 * Ejection compares servers with each other by what their calls showed and takes the outliers out for a while: one
 * for the whole fleet, as a single server cannot know that it is worse than the rest. A sweep at an interval judges;
 * only `settled`, `probed`, `left` and `sweep` change who is ejected, never time alone.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Ejection {
  /** Time between sweeps; NEVER = there are none. */
  readonly every: Millis;
  /** `server` is ready from now on. */
  joined(now: Millis, server: ServerId): void;
  /** `server` is ready no longer; its books are closed. */
  left(now: Millis, server: ServerId): void;
  /** A call to `server` ended; also told of servers that have left or are ejected. */
  settled(now: Millis, server: ServerId, outcome: Outcome): void;
  /** An active check of `server` ended. */
  probed(now: Millis, server: ServerId, ok: boolean): void;
  /** `every` has passed since the last sweep. */
  sweep(now: Millis): void;
  /** Shall `server` get no calls? Pure; false for those that have left. */
  ejected(server: ServerId): boolean;
  /** Why it was last ejected or taken back: "5 errors in a row, the last: http-5xx". */
  because(server: ServerId): string;
  /** Whose `ejected` has changed; the fleet reads and empties it. A server may stand here more than once. */
  readonly changed: ServerId[];
}
