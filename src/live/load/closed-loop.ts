/**
 * Our own closed loop: N clients, each of which calls, waits for the answer and calls again; legacy clients initialise first,
 * and anew when their session is lost. It stands in for autocannon where that cannot go: certificates that must be verified
 * (autocannon always sends `rejectUnauthorized: false`), deadlines below a second, and servers that close each connection.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Era, Request } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import type { Sender } from '../driver/open-loop.ts';
import type { Sample } from '../driver/samples.ts';
import { atMost, followFor, untilOver, type LoadRun, type Report } from './loop.ts';
import { SessionBook, type OpenSession } from './session-book.ts';

export interface ClosedLoopOptions {
  readonly connections: number;
  readonly duration: Millis;
  readonly era: Era;
  /** Calls need a session. */
  readonly sessions: boolean;
  /** Sessions are counted from this instant on; 0 if absent. */
  readonly warmup?: Millis;
  readonly client: Sender & {
    /** Deadline of a call, which it keeps; null = none. */
    readonly timeout: Millis | null;
  };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** A client whose call never reached the target waits before it tries again, or a dead target would burn a core. */
const PAUSE_MS = 100;
const UNREACHED: readonly Outcome[] = ['refused', 'reset'];

export const closedLoop = async (options: ClosedLoopOptions): Promise<LoadRun> => {
  const loop = new ClosedLoop(options);
  const lasted = await loop.run();
  return { lasted, sessions: options.sessions ? loop.book.tally : null, invalid: null };
};

type Flight = Omit<Sample, 'latencyMs' | 'outcome'>;

class ClosedLoop {
  readonly book: SessionBook;
  readonly #options: ClosedLoopOptions;
  readonly #inFlight = new Set<Flight>();
  #arrivals = 0;
  #sessions = 0;
  #isOver = false;
  readonly #landed: Promise<void>;
  #land: () => void = () => {};

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
    this.book = new SessionBook(options.warmup ?? 0);
    this.#landed = new Promise((resolve) => (this.#land = resolve));
  }

  /** Resolves with how long it lasted, when what was in flight at the end is answered or has had its time. */
  async run(): Promise<Millis> {
    const { connections, duration, client, clock, signal } = this.#options;
    for (let begun = 0; begun < connections; begun++) this.#begin(null);
    await untilOver(duration, clock, signal);
    this.#isOver = true;
    const lasted = signal.aborted ? Math.min(clock.now(), duration) : duration;
    if (this.#inFlight.size > 0) {
      const { aborted } = signal;
      const follow = followFor(client.timeout, duration, aborted);
      await atMost(follow, this.#landed, aborted ? null : signal);
    }
    this.#giveUp();
    return lasted;
  }

  /** A client comes, or comes again in the place of a session that was lost. */
  #begin(instead: OpenSession | null): void {
    if (this.#options.sessions) this.#initialise(++this.#sessions, instead);
    else this.#call(0, null);
  }

  #initialise(session: number, instead: OpenSession | null): void {
    this.#send('initialize', session, (outcome, at) => {
      if (outcome === 'ok') {
        const open = this.book.opened(at, instead);
        this.#options.client.confirm(session, () => this.#call(session, open));
      } else this.#later(() => this.#initialise(++this.#sessions, instead));
    });
  }

  #call(session: number, open: OpenSession | null): void {
    this.#send('call', session, (outcome, at) => {
      open?.called(at);
      if (outcome === 'session-lost') {
        open?.lost(at);
        this.#options.client.endSession(session);
        this.#begin(open);
      } else if (UNREACHED.includes(outcome)) this.#later(() => this.#call(session, open));
      else this.#call(session, open);
    });
  }

  /** `done` hears when the request was made, too. */
  #send(
    kind: Request['kind'],
    session: number,
    done: (outcome: Outcome, at: Millis) => void,
  ): void {
    if (this.#isOver) return;
    const { clock, client, era } = this.#options;
    const at = clock.now();
    const arrival = this.#arrivals++;
    const tool = kind === 'call' ? 0 : -1;
    const request = {
      arrival,
      call: 0,
      kind,
      tool,
      safe: true,
      era,
      session,
      key: 0,
      at,
      account: -1,
    };
    const flight: Flight = { arrival, call: 0, session, kind, tool, at, lagMs: 0 };
    this.#inFlight.add(flight);
    client.send(request, (outcome) => {
      // After the end nobody counts any more.
      if (!this.#inFlight.delete(flight)) return;
      this.#tell(flight, outcome);
      done(outcome, at);
      if (this.#isOver && this.#inFlight.size === 0) this.#land();
    });
  }

  #tell(flight: Flight, outcome: Outcome): void {
    const { clock, report, duration } = this.#options;
    // The last moment's: the timer that ends the load may be late.
    if (flight.at < duration) report({ ...flight, latencyMs: clock.now() - flight.at, outcome });
  }

  /** What is still in flight is told as cancelled: it arrived, and its end nobody knows. */
  #giveUp(): void {
    for (const flight of this.#inFlight) this.#tell(flight, 'cancelled');
    this.#inFlight.clear();
  }

  #later(what: () => void): void {
    setTimeout(what, PAUSE_MS).unref();
  }
}
