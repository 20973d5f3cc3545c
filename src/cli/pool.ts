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
  /** Rejects when `signal` ends the run before it is done. */
  run(job: Job, signal: AbortSignal): Promise<Reply>;
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
  return {
    workers,
    run: (job, signal) => pool.run(job, { signal }),
    close: () => pool.destroy(),
  };
};

/** Yields between runs, so that Ctrl-C is heard. */
export const openHere = (experiment: Experiment): Pool => ({
  workers: 1,
  run: async (job, signal) => {
    await setImmediate();
    signal.throwIfAborted();
    return simulate(experiment, job);
  },
  close: () => Promise.resolve(),
});
