/**
 * All runs of an experiment: seed by seed, and within a seed contender by contender, so that an interruption leaves whole
 * seeds. Each worker takes the next job when it is free; which worker ran what leaves no trace in the results.
 */
import type { RunRecord } from '../results/results.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Pool } from './pool.ts';
import type { Breach, Job } from './simulate.ts';

export interface Runs {
  /** By contender, in the scenario's order; within one in the order of its seeds. */
  readonly records: readonly (readonly RunRecord[])[];
  /** Every job was done. */
  readonly complete: boolean;
  /** Seeds that every contender finished. */
  readonly wholeSeeds: number;
  /** The first run that a bug of ours ended; no further job was begun. */
  readonly breach: Breach | null;
}

/**
 * Runs every job, or as many as are done when `signal` says stop, which closes the pool; `finished` is told after each.
 * (To abort each job by itself would have the pool start a new thread for every one that it ends.)
 */
export const runAll = async (
  scenario: Scenario,
  pool: Pool,
  signal: AbortSignal,
  finished: () => void,
): Promise<Runs> => {
  const jobs = jobsOf(scenario);
  signal.addEventListener('abort', () => void pool.close(), { once: true });
  const records: RunRecord[] = [];
  let breach: Breach | null = null;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length && !signal.aborted && breach === null) {
      const index = next++;
      const reply = await replyOf(pool, jobs[index]!, signal);
      if (reply === null) return;
      if ('breach' in reply) {
        breach ??= reply.breach;
      } else {
        records[index] = reply.record;
        finished();
      }
    }
  };
  await Promise.all(Array.from({ length: pool.workers }, work));
  const done = records.filter((record) => record !== undefined);
  const finishedWith = (seed: number): number =>
    done.filter((record) => record.seed === seed).length;
  return {
    records: scenario.contenders.map((_, contender) =>
      done.filter((record) => record.contender === contender),
    ),
    wholeSeeds: scenario.seeds.filter((seed) => finishedWith(seed) === scenario.contenders.length)
      .length,
    complete: done.length === jobs.length,
    breach,
  };
};

export const jobsOf = ({ contenders, seeds }: Scenario): Job[] =>
  seeds.flatMap((seed) => contenders.map((_, contender) => ({ contender, seed })));

/** Null when it was stopped. */
const replyOf = async (pool: Pool, job: Job, signal: AbortSignal) => {
  try {
    return await pool.run(job);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
};
