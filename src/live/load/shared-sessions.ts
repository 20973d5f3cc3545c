/**
 * A few legacy sessions that calls outside any session of the scenario share in turn, as the requests of many users behind
 * one application do. One that the target has lost is opened anew; calls that come while none is open wait for the next.
 */
import type { Millis } from '../../core/units.ts';
import type { SessionTally } from '../../scenario/traffic.ts';
import { SessionBook, type OpenSession } from './session-book.ts';

export interface SharedSession {
  /** The target's name of it. */
  readonly id: string;
  readonly entry: OpenSession;
}

type Use = (session: SharedSession | null) => void;

export class SharedSessions {
  readonly #initialise: (done: (id: string | null) => void) => void;
  readonly #book: SessionBook;
  readonly #open: SharedSession[] = [];
  /** Lost ones that nothing has come in the place of. */
  readonly #lost: OpenSession[] = [];
  #wanted = 0;
  #opening = 0;
  #turn = 0;
  #waiting: Use[] = [];

  /** `initialise` opens one at the target, whose name for it `done` hears; null when there is none. */
  constructor(initialise: (done: (id: string | null) => void) => void, from: Millis) {
    this.#initialise = initialise;
    this.#book = new SessionBook(from);
  }

  get ids(): readonly string[] {
    return this.#open.map(({ id }) => id);
  }

  /** Null where none was ever wanted. */
  get tally(): SessionTally | null {
    return this.#wanted === 0 ? null : this.#book.tally;
  }

  /** Opens so many before the run; resolves with how many there are. */
  async want(sessions: number): Promise<number> {
    this.#wanted = sessions;
    const one = (): Promise<void> => new Promise((done) => this.#openOne(0, done));
    await Promise.all(Array.from({ length: sessions }, one));
    return this.#open.length;
  }

  /** For a call of instant `at`: the next in turn, at once or when there is one again; null when none can be had. */
  take(at: Millis, use: Use): void {
    if (this.#wanted === 0) {
      use(null);
      return;
    }
    if (this.#opening === 0 && this.#open.length < this.#wanted) this.#openOne(at);
    if (this.#open.length > 0) use(this.#next());
    else this.#waiting.push(use);
  }

  /** A call of instant `at` was told that the target does not know it. */
  lost(session: SharedSession, at: Millis): void {
    const place = this.#open.indexOf(session);
    if (place < 0) return;
    this.#open.splice(place, 1);
    session.entry.lost(at);
    this.#lost.push(session.entry);
    this.#openOne(at);
  }

  /** Whoever still waits will not be served. */
  close(): void {
    this.#waiting = [];
  }

  #next(): SharedSession {
    return this.#open[this.#turn++ % this.#open.length]!;
  }

  #openOne(at: Millis, done: () => void = () => {}): void {
    this.#opening++;
    this.#initialise((id) => {
      this.#opening--;
      if (id !== null) {
        const entry = this.#book.opened(at, this.#lost.shift() ?? null);
        this.#open.push({ id, entry });
      }
      this.#serveWaiting();
      done();
    });
  }

  #serveWaiting(): void {
    if (this.#open.length === 0 && this.#opening > 0) return;
    for (const use of this.#waiting.splice(0)) use(this.#open.length > 0 ? this.#next() : null);
  }
}
