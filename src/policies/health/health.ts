/**
 * Health of one server, from active checks and from what its calls show. A server starts untrusted: its first
 * successful check makes it healthy (the reference trusts a new server before anyone has looked).
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';

export interface Health {
  /** Time between checks; NEVER = no checks are made. */
  readonly every: Millis;
  /** A check unanswered for so long has failed. */
  readonly timeout: Millis;
  /** A check ended. */
  probed(now: Millis, ok: boolean): void;
  /** A call to this server ended. */
  settled(now: Millis, outcome: Outcome): void;
  healthy(now: Millis): boolean;
  /** Why it is as it is: "3 failed checks in a row". */
  because(now: Millis): string;
  /** When `healthy` would change by time alone. */
  wakeAt(now: Millis): Millis;
}
