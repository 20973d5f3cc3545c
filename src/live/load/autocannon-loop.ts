/**
 * The closed loop by autocannon 9, with its defects kept out of the numbers:
 * - its latencies are integers corrected by a formula with the wrong unit: each call is timed here, from the `request` event
 *   (fired as the bytes are written) to the `response` event, in fractions of a ms. Without a rate nothing is corrected,
 *   and there is never a rate: its rates fire a whole second's budget at once.
 * - after a dropped connection it pairs each answer with an older call. A call that begins while another is open on the same
 *   connection tells a drop, also one without an error; the run is then invalid.
 * - connecting to a dead port it spins: too many errors in a row end the run.
 * - `workers` tell no responses: there are none. Timeouts leave no record there: here they are failed calls.
 * Success is judged from the JSON-RPC body. Each connection is a client of its own: in a legacy server's eyes, a session.
 */
import autocannon from 'autocannon';
import { isFailure, type Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';
import type { Clock } from '../clock.ts';
import { CannonClient } from './cannon-client.ts';
import { openAgent } from './client.ts';
import { endSessions } from './farewell.ts';
import type { LoadRun, Report } from './loop.ts';
import type { Target } from './target.ts';
import type { Sample } from '../driver/samples.ts';

export interface AutocannonOptions {
  readonly target: Target;
  readonly connections: number;
  readonly duration: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** It looks this often whether its time is over, ms. */
const TICK_MS = 100;
/** Calls in a row, a connection, that may fail to reach the target. */
const HOPELESS = 20;
const NO_TIMEOUT_S = 24 * 3600;

export const autocannonLoop = async (options: AutocannonOptions): Promise<LoadRun> => {
  const { target, connections, duration, clock, signal } = options;
  let samples = 0;
  const clients: CannonClient[] = [];
  let unreached = 0;
  let isOver = false;
  const hopeless = new AbortController();
  const over = AbortSignal.any([signal, hopeless.signal]);
  const seen = (sample: Omit<Sample, 'arrival'>): void => {
    if (isOver || over.aborted || sample.at >= duration) return;
    options.report({ ...sample, arrival: samples++ });
    unreached = isUnreached(sample.outcome) ? unreached + 1 : 0;
    if (unreached >= HOPELESS * connections) hopeless.abort();
  };
  await fire(
    {
      url: target.url.href,
      method: 'POST',
      connections,
      duration: Math.max(0, duration - clock.now()) / 1000,
      timeout: target.timeout === null ? NO_TIMEOUT_S : target.timeout / 1000,
      sampleInt: TICK_MS,
      skipAggregateResult: true,
      setupClient: (client) => {
        clients.push(new CannonClient(client, target, clients.length + 1, clock, seen));
      },
    },
    over,
  );
  isOver = true;
  const drops = clients.reduce((sum, client) => sum + client.drops, 0);
  const lasted = Math.min(clock.now(), duration);
  await sayGoodbye(target, clients);
  return {
    lasted,
    sessions: null,
    invalid: invalidity(drops, unreached, HOPELESS * connections),
  };
};

/** Resolves when it has stopped, by its own time or by `signal`. */
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
