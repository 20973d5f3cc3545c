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
import type { LoadRun, Report } from './loop.ts';

export interface ClosedLoopOptions {
  readonly connections: number;
  readonly duration: Millis;
  readonly era: Era;
  /** Calls need a session. */
  readonly sessions: boolean;
  readonly client: Sender;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** A client whose call never reached the target waits before it tries again, or a dead target would burn a core. */
const PAUSE_MS = 100;
const UNREACHED: readonly Outcome[] = ['refused', 'reset'];

export const closedLoop = async (options: ClosedLoopOptions): Promise<LoadRun> => {
  const loop = new ClosedLoop(options);
  await loop.run();
  const lasted = Math.min(options.clock.now(), options.duration);
  return { lasted, sessions: null, invalid: null };
};

class ClosedLoop {
  readonly #options: ClosedLoopOptions;
  #arrivals = 0;
  #sessions = 0;
  #isOver = false;

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { connections, duration, clock, signal } = this.#options;
    const over = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, duration - clock.now());
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
      if (signal.aborted) resolve();
    });
    for (let client = 0; client < connections; client++) this.#begin();
    await over;
    this.#isOver = true;
  }

  #begin(): void {
    if (this.#options.sessions) this.#initialise(++this.#sessions);
    else this.#call(0);
  }

  #initialise(session: number): void {
    this.#send('initialize', session, (outcome) => {
      if (outcome === 'ok') this.#options.client.confirm(session, () => this.#call(session));
      else this.#later(() => this.#initialise(++this.#sessions));
    });
  }

  #call(session: number): void {
    this.#send('call', session, (outcome) => {
      if (outcome === 'session-lost') {
        this.#options.client.endSession(session);
        this.#begin();
      } else if (UNREACHED.includes(outcome)) this.#later(() => this.#call(session));
      else this.#call(session);
    });
  }

  #send(kind: Request['kind'], session: number, done: (outcome: Outcome) => void): void {
    if (this.#isOver) return;
    const { clock, client, era, report } = this.#options;
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
    client.send(request, (outcome) => {
      if (this.#isOver) return;
      const latencyMs = clock.now() - at;
      report({
        arrival,
        call: 0,
        session,
        kind,
        tool,
        at,
        lagMs: 0,
        latencyMs,
        outcome,
      });
      done(outcome);
    });
  }

  #later(what: () => void): void {
    setTimeout(what, PAUSE_MS).unref();
  }
}
