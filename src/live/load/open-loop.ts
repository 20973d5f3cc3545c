/**
 * The open loop: arrivals come when they come, whatever the target does (driver/open-loop.ts); how late we
 * ourselves were is measured with it.
 */
import type { Millis } from '../../core/units.ts';
import type { Inputs, Traffic } from '../../scenario/scenario.ts';
import type { SessionTally } from '../../scenario/traffic.ts';
import type { Clock } from '../clock.ts';
import { lagOf, type Lag } from '../driver/lag.ts';
import { OpenLoop } from '../driver/open-loop.ts';
import type { Pacing } from '../driver/pacer.ts';
import type { Sample } from '../driver/samples.ts';
import type { LoadClient } from './client.ts';
import type { LoadRun, Report } from './loop.ts';

export interface OpenLoadOptions {
  readonly traffic: Traffic;
  readonly inputs: Inputs;
  readonly seed: number;
  readonly duration: Millis;
  readonly warmup: Millis;
  readonly pacing: Pacing;
  readonly client: LoadClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly report: Report;
}

export interface OpenLoadRun extends LoadRun {
  readonly lag: Lag;
}

export const openLoad = async (options: OpenLoadOptions): Promise<OpenLoadRun> => {
  const { signal, clock, duration, warmup, traffic } = options;
  const samples: Sample[] = [];
  const report = (sample: Sample): void => {
    samples.push(sample);
    options.report(sample);
  };
  const loop = new OpenLoop({ ...options, report });
  const stop = (): void => loop.stop();
  signal.addEventListener('abort', stop, { once: true });
  await loop.run();
  signal.removeEventListener('abort', stop);
  const lasted = signal.aborted ? Math.min(clock.now(), duration) : duration;
  const scripted = traffic.sessions === null ? null : loop.sessions;
  const sessions = together(scripted, options.client.shared);
  return { lasted, sessions, lag: lagOf(samples, warmup), invalid: null };
};

/** Sessions of the traffic, and those that its single calls share. */
const together = (a: SessionTally | null, b: SessionTally | null): SessionTally | null =>
  a === null || b === null
    ? (a ?? b)
    : {
        started: a.started + b.started,
        lost: a.lost + b.lost,
        recovered: a.recovered + b.recovered,
        calls: a.calls + b.calls,
      };
