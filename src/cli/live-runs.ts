/**
 * All runs of a live experiment, one at a time, as each wants the machine to itself: seed by seed, the contenders
 * forwards with odd seeds and backwards with even ones, so that a machine that slowly gets busier or hotter favours none.
 */
import { lagOf, type Lag } from '../live/driver/lag.ts';
import type { Pacing } from '../live/driver/pacer.ts';
import { runLive, type Entries } from '../live/launcher.ts';
import { Lead } from '../live/launcher/lead.ts';
import type { RunRecord } from '../results/results.ts';
import type { Inputs, Scenario } from '../scenario/scenario.ts';
import { joined } from './live-join.ts';
import type { Job } from './simulate.ts';

export interface LiveExperiment {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  readonly pacing: Pacing;
  /** Where the journal of a run goes; null for none. */
  readonly journalOf: (job: Job) => string | null;
}

export interface LiveRuns {
  /** By contender, in the scenario's order; seeds may be missing when it was interrupted. */
  readonly records: readonly (readonly RunRecord[])[];
  /** By contender and run: how late the driver was. */
  readonly lags: readonly (readonly Lag[])[];
  readonly complete: boolean;
  /** What ended it before its time, but for `signal`. */
  readonly trouble: Trouble | null;
  /** Seeds that every contender finished. */
  readonly wholeSeeds: number;
}

/** A process died, or something of ours is broken. */
export interface Trouble {
  /** Its message names the run, in a line of its own. */
  readonly error: Error;
  /** In words, such as `contender "a", seed 1`. */
  readonly run: string;
}

/** From source these are TypeScript, which the loader of this process loads in its children as well. */
const ENTRIES: Entries = Object.fromEntries(
  (['driver', 'gateway'] as const).map((name) => [
    name,
    new URL(
      `./processes/${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
      import.meta.url,
    ),
  ]),
) as unknown as Entries;

/** In the order in which they are run. */
export const liveJobs = ({ contenders, seeds }: Scenario): Job[] =>
  seeds.flatMap((seed) => {
    const jobs = contenders.map((_, contender) => ({ contender, seed }));
    return seed % 2 === 0 ? jobs.reverse() : jobs;
  });

/**
 * Runs every job, or as many as are done when `signal` says stop or something breaks: hours of finished runs are not thrown
 * away for one that failed. `began` is told before each, with its number from 0.
 */
export const runAllLive = async (
  { scenario, inputs, pacing, journalOf }: LiveExperiment,
  signal: AbortSignal,
  began: (index: number) => void,
): Promise<LiveRuns> => {
  const jobs = liveJobs(scenario);
  const lead = new Lead(2 + scenario.base.servers.count);
  let trouble: Trouble | null = null;
  const done: { readonly record: RunRecord; readonly lag: Lag }[] = [];
  for (const [index, job] of jobs.entries()) {
    if (signal.aborted) break;
    began(index);
    try {
      const task = { scenario, inputs, pacing, journal: journalOf(job), ...job };
      const run = await runLive<RunRecord>(task, ENTRIES, lead, signal);
      done.push({ record: joined(scenario, run), lag: lagOf(run.samples, scenario.warmup) });
    } catch (error) {
      if (!signal.aborted) trouble = troubleIn(error, scenario, job);
      break;
    }
  }
  const ofContender = (contender: number) =>
    done.filter(({ record }) => record.contender === contender);
  const finished = (seed: number) => done.filter(({ record }) => record.seed === seed).length;
  return {
    records: scenario.contenders.map((_, contender) =>
      ofContender(contender).map(({ record }) => record),
    ),
    lags: scenario.contenders.map((_, contender) => ofContender(contender).map(({ lag }) => lag)),
    complete: done.length === jobs.length,
    trouble,
    wholeSeeds: scenario.seeds.filter((seed) => finished(seed) === scenario.contenders.length)
      .length,
  };
};

const troubleIn = (thrown: unknown, { contenders }: Scenario, job: Job): Trouble => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const run = `contender "${contenders[job.contender]!.name}", seed ${job.seed}`;
  error.message += `\n  ${run}`;
  return { error, run };
};
