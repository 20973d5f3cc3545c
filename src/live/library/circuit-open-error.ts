/** Thrown instead of making a call that the circuit does not admit. */
import { formatDuration, type Millis } from '../../core/units.ts';

export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError';
  /** Ms until the circuit tries again; null while half-open: as soon as one of the calls under way ends. */
  readonly retryAfterMs: Millis | null;

  constructor(retryAfterMs: Millis | null) {
    const when =
      retryAfterMs === null
        ? 'half-open, with as many calls under way as it lets through'
        : `open; try again in ${formatDuration(Math.ceil(retryAfterMs))}`;
    super(`the circuit is ${when}`);
    this.retryAfterMs = retryAfterMs;
  }
}
