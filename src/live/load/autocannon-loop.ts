/**
 * The closed loop by autocannon 9, with its defects kept out of the numbers:
 * - its latencies are integers corrected by a formula with the wrong unit: each call is timed here, from the `request` event
 *   (fired as the bytes are written) to the `response` event, in fractions of a ms. Without a rate nothing is corrected,
 *   and there is never a rate: its rates fire a whole second's budget at once.
 * - after a dropped connection it pairs each answer with an older call. A call that begins while another is open on the same
 *   connection tells a drop, also one without an error; the run is then invalid.
 * - connecting to a dead port it spins: too many errors in a row end the run.
 * - `workers` tell no responses: there are none. Timeouts leave no record there: here they are failed calls.
 * - at its end it forgets what is in flight, and the calls of a server that hangs are in flight: here its clients send no more
 *   when the duration is over, and are followed until they have been answered or their deadlines have passed.
 * Success is judged from the JSON-RPC body. Each connection is a client of its own: in a legacy server's eyes, a session.
 */
import autocannon from 'autocannon';
import { isFailure, type Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import { CannonClient } from './cannon-client.ts';
import { openAgent } from './client.ts';
import { endSessions } from './farewell.ts';
import { atMost, followFor, type LoadRun, type Report } from './loop.ts';
import { SessionBook } from './session-book.ts';
import type { Target } from './target.ts';
import type { Sample } from '../driver/samples.ts';

export interface AutocannonOptions {
  readonly target: Target;
  readonly connections: number;
  readonly duration: Millis;
  /** Sessions are counted from this instant on; 0 if absent. */
  readonly warmup?: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** It looks this often whether it has been stopped, ms. */
const TICK_MS = 100;
/** Calls in a row, a connection, that may fail to reach the target. */
const HOPELESS = 20;
/** Longer than any run; its end is ours to tell. */
const NO_END_S = 20 * 24 * 3600;

export const autocannonLoop = async (options: AutocannonOptions): Promise<LoadRun> => {
  const { target, connections, duration, clock, signal } = options;
  let samples = 0;
  const clients: CannonClient[] = [];
  const book = new SessionBook(options.warmup ?? 0);
  let unreached = 0;
  const hopeless = new AbortController();
  const over = AbortSignal.any([signal, hopeless.signal]);
  const seen = (sample: Omit<Sample, 'arrival'>): void => {
    if (hopeless.signal.aborted || sample.at >= duration) return;
    options.report({ ...sample, arrival: samples++ });
    unreached = isUnreached(sample.outcome) ? unreached + 1 : 0;
    if (unreached >= HOPELESS * connections) hopeless.abort();
  };
  const end = new AbortController();
  const fired = fire(
    {
      url: target.url.href,
      method: 'POST',
      connections,
      duration: NO_END_S,
      timeout: target.timeout === null ? NO_END_S : target.timeout / 1000,
      sampleInt: TICK_MS,
      skipAggregateResult: true,
      setupClient: (client) => {
        const session = clients.length + 1;
        clients.push(new CannonClient(client, target, session, clock, book, seen));
      },
    },
    end.signal,
  );
  await atMost(duration - clock.now(), fired, over);
  const lasted = over.aborted ? Math.min(clock.now(), duration) : duration;
  clients.forEach((client) => client.finish());
  if (!hopeless.signal.aborted) {
    const { aborted } = signal;
    await atMost(followFor(target.timeout, duration, aborted), fired, aborted ? null : signal);
  }
  clients.forEach((client) => client.giveUp());
  end.abort();
  await fired;
  const drops = clients.reduce((sum, client) => sum + client.drops, 0);
  await sayGoodbye(target, clients);
  return {
    lasted,
    sessions: target.sessions ? book.tally : null,
    invalid: invalidity(drops, unreached, HOPELESS * connections),
  };
};

/** Resolves when all its clients have ended, or `signal` has stopped it. */
const fire = (options: autocannon.Options, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const instance = autocannon(options, (error: unknown) => {
      signal.removeEventListener('abort', stop);
      if (error instanceof Error) reject(error);
      else resolve();
    });
    const stop = (): void => instance.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });

const sayGoodbye = async (target: Target, clients: readonly CannonClient[]): Promise<void> => {
  const ids = clients.flatMap(({ sessionId }) => sessionId ?? []);
  if (ids.length === 0) return;
  const agent = openAgent(target);
  await endSessions(agent, target, ids);
  await agent.destroy();
};

const isUnreached = (outcome: Outcome): boolean =>
  isFailure(outcome) && (outcome === 'refused' || outcome === 'reset');

const invalidity = (drops: number, unreached: number, hopeless: number): string | null => {
  if (unreached >= hopeless)
    return `the target could no longer be reached: the last ${unreached} calls failed to, and the run was ended.`;
  if (drops === 0) return null;
  const many = drops === 1 ? 'a connection was' : `${drops} connections were`;
  return `${many} dropped with a call under way, after which a closed loop by autocannon is not to be trusted; measure with --rate, which can take it.`;
};
