/** Carries out a load test: run after run, with progress shown and Ctrl-C heard. */
import { startClock, type Clock } from '../live/clock.ts';
import { autocannonLoop } from '../live/load/autocannon-loop.ts';
import { LoadClient } from '../live/load/client.ts';
import { closedLoop } from '../live/load/closed-loop.ts';
import type { Engine, LoadRun, Report } from '../live/load/loop.ts';
import { openLoad } from '../live/load/open-loop.ts';
import type { RunLag } from '../results/lag.ts';
import type { RunRecord } from '../results/results.ts';
import type { Silence } from '../results/silence.ts';
import type { Traffic } from '../scenario/scenario.ts';
import { listenForInterrupt } from './interrupt.ts';
import { pacingFor } from './live.ts';
import { LoadRecord } from './load-record.ts';
import type { LoadPlan } from './load-scenario.ts';
import { showProgress } from './progress.ts';

export interface LoadRuns {
  readonly records: readonly RunRecord[];
  /** Of the open loop, by run. */
  readonly lags: readonly RunLag[];
  /** Of the closed loop, by run. */
  readonly silences: readonly Silence[];
  readonly complete: boolean;
  /** What a reader must know: runs that say nothing, and one that was cut short. */
  readonly warnings: readonly string[];
  /** Why the runs say nothing; null when they do. */
  readonly invalid: string | null;
}

/** Sessions opened beforehand for legacy calls that arrive outside any session. */
const SHARED_SESSIONS = 10;

export const executeLoad = async (plan: LoadPlan, engine: Engine): Promise<LoadRuns> => {
  const { seeds, duration, warmup } = plan.scenario;
  const interrupt = listenForInterrupt();
  const records: RunRecord[] = [];
  const lags: RunLag[] = [];
  const silences: Silence[] = [];
  const warnings: string[] = [];
  let invalid: string | null = null;
  let clock = startClock();
  const hideProgress = showProgress({
    share: () => (records.length + Math.min(1, clock.now() / duration)) / seeds.length,
    describe: () => {
      const run = `run ${Math.min(seeds.length, records.length + 1)} of ${seeds.length}`;
      return clock.now() < duration ? run : `${run}, waiting for the last answers`;
    },
  });
  let complete = true;
  try {
    for (const seed of seeds) {
      const record = new LoadRecord(plan.scenario, connectionsOf(plan));
      clock = startClock();
      const run = await runOnce(plan, engine, seed, {
        report: record.add,
        signal: interrupt.signal,
        started: (from) => (clock = from),
      });
      complete = !interrupt.signal.aborted;
      // A run that was cut short counts only when it is all there is.
      const keeps = complete || (records.length === 0 && run.lasted > warmup && record.settled > 0);
      if (keeps) {
        records.push(record.finish(seed, run));
        if (run.lag !== undefined) lags.push(run.lag);
        if (engine !== 'open-loop') silences.push(record.silence(run.lasted));
        if (run.invalid !== null) warnings.push(`Invalid: ${run.invalid}`);
        invalid ??= run.invalid;
      }
      if (!complete) {
        if (keeps) warnings.push(`The only run was cut short after ${seconds(run.lasted)}.`);
        break;
      }
    }
  } finally {
    hideProgress();
    // Once pressed it stays heard, so that the same press cannot end the writing.
    if (!interrupt.signal.aborted) interrupt.ignore();
  }
  return { records, lags, silences, complete, warnings, invalid };
};

interface Surroundings {
  readonly report: Report;
  readonly signal: AbortSignal;
  /** The run begins: sessions that had to be opened first are. */
  readonly started: (clock: Clock) => void;
}

const runOnce = async (
  plan: LoadPlan,
  engine: Engine,
  seed: number,
  { report, signal, started }: Surroundings,
): Promise<LoadRun & { readonly lag?: RunLag }> => {
  const { scenario, inputs, target } = plan;
  const { duration, warmup, base } = scenario;
  const connections = connectionsOf(plan);
  if (engine === 'autocannon') {
    const clock = startClock();
    started(clock);
    return autocannonLoop({ target, connections, duration, warmup, clock, signal, report });
  }
  const client = new LoadClient(target, warmup);
  try {
    const { era, sessions } = target;
    if (engine === 'open-loop' && sessions && hasSingleCalls(base.traffic))
      await client.share(SHARED_SESSIONS);
    const clock = startClock();
    started(clock);
    if (engine === 'closed-loop')
      return await closedLoop({
        connections,
        duration,
        era,
        sessions,
        warmup,
        client,
        clock,
        signal,
        report,
      });
    const { traffic } = base;
    const pacing = pacingFor(scenario, inputs);
    return await openLoad({
      traffic,
      inputs,
      seed,
      duration,
      warmup,
      pacing,
      client,
      clock,
      signal,
      report,
    });
  } finally {
    await client.close();
  }
};

/** Of a closed loop; 0 for an open one. */
const connectionsOf = ({ wish }: LoadPlan): number =>
  wish.loop.kind === 'closed' ? wish.loop.connections : 0;

const hasSingleCalls = ({ sessions }: Traffic): boolean => sessions === null || sessions.share < 1;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
