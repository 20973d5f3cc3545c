/**
 * Sessions of load that the traffic does not speak of: each client of a closed loop on a legacy target has one, and so have
 * single calls that share some. They last as long as the target lets them, so those count that were open in the
 * measured time, and losses that a call of the measured time met with.
 */
import type { Millis } from '../../core/units.ts';
import type { SessionTally } from '../../scenario/traffic.ts';

export class SessionBook {
  readonly tally: SessionTally = { started: 0, lost: 0, recovered: 0, calls: 0 };
  /** Calls from this instant on are measured. */
  readonly #from: Millis;

  constructor(from: Millis) {
    this.#from = from;
  }

  /** A session began by a request of instant `at`, in the place of one that was lost or as the first. */
  opened(at: Millis, instead: OpenSession | null): OpenSession {
    if (instead?.isCountedLost === true) this.tally.recovered++;
    const session = new OpenSession(this.tally, this.#from);
    session.seen(at);
    return session;
  }
}

export class OpenSession {
  isCountedLost = false;
  readonly #tally: SessionTally;
  readonly #from: Millis;
  #isCounted = false;
  #isLost = false;

  constructor(tally: SessionTally, from: Millis) {
    this.#tally = tally;
    this.#from = from;
  }

  /** It is alive at this instant. Returns whether that is in the measured time. */
  seen(at: Millis): boolean {
    if (at < this.#from) return false;
    if (!this.#isCounted) this.#tally.started++;
    this.#isCounted = true;
    return true;
  }

  called(at: Millis): void {
    if (!this.#isLost && this.seen(at)) this.#tally.calls++;
  }

  /** A call of this instant was told that there is no such session. The first of them counts. */
  lost(at: Millis): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.isCountedLost = this.seen(at);
    if (this.isCountedLost) this.#tally.lost++;
  }
}
