/** Thrown when no server may be used now: it says why, and when asking again may help. */
import { formatDuration, type Millis } from '../../core/units.ts';

/** `unhealthy`: no server passes its checks. `circuit-open`: some do, but their circuits admit no call. */
export type NoServerReason = 'unhealthy' | 'circuit-open';

export class NoServerError extends Error {
  override readonly name = 'NoServerError';
  readonly reason: NoServerReason;
  /** Ms until something may have changed; null when nobody knows, as when no checks are made. */
  readonly retryAfterMs: Millis | null;

  constructor(reason: NoServerReason, retryAfterMs: Millis | null) {
    const why =
      reason === 'unhealthy' ? 'all are unhealthy' : 'the circuits of the healthy ones are open';
    const when =
      retryAfterMs === null ? '' : `; try again in ${formatDuration(Math.ceil(retryAfterMs))}`;
    super(`no MCP server is available: ${why}${when}`);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
