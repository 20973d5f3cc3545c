/**
 * Where runs are computed: on worker threads, each of which is given the experiment once, or right here when all runs
 * together take less time than starting a thread. Either way the same code runs, so the results are the same.
 */
import { setImmediate } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { simulate, type Experiment, type Job, type Reply } from './simulate.ts';

export interface Pool {
  /** Runs at once. */
  readonly workers: number;
  /** Rejects when the pool is closed before the run is done. */
  run(job: Job): Promise<Reply>;
  /** Ends the runs that are under way; may be called again. */
  close(): Promise<void>;
}

/** From source this file and its sibling are TypeScript, which tsx loads in threads as well; built, they are not. */
const WORKER = new URL(
  `./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);

export const openThreads = (experiment: Experiment, workers: number): Pool => {
  const pool = new Piscina<Job, Reply>({
    filename: WORKER.href,
    workerData: experiment,
    minThreads: workers,
    maxThreads: workers,
  });
  // Piscina told twice would take the first call's dying threads for crashed ones, and start others.
  let closing: Promise<void> | null = null;
  return {
    workers,
    run: (job) => pool.run(job),
    close: () => (closing ??= pool.destroy()),
  };
};

/** Yields between runs, so that Ctrl-C is heard. */
export const openHere = (experiment: Experiment): Pool => {
  const closed = new AbortController();
  return {
    workers: 1,
    run: async (job) => {
      await setImmediate();
      closed.signal.throwIfAborted();
      return simulate(experiment, job);
    },
    close: () => Promise.resolve(closed.abort()),
  };
};
