/** Carries out an experiment: announces it, runs it with progress shown and Ctrl-C heard, and says where and how long. */
import { availableParallelism } from 'node:os';
import { wrap } from '../report/terminal.ts';
import type { Environment } from '../results/results.ts';
import { estimatedRequests } from '../scenario/estimate.ts';
import type { Inputs, Scenario } from '../scenario/scenario.ts';
import { announcement } from './announcement.ts';
import { tell, widthOf } from './console.ts';
import { WHOLE_RUN } from './counting-world.ts';
import { watchEnvironment } from './environment.ts';
import { listenForInterrupt } from './interrupt.ts';
import { openHere, openThreads } from './pool.ts';
import { showProgress } from './progress.ts';
import { jobsOf, runAll, type Runs } from './run-all.ts';
import type { Experiment } from './simulate.ts';

export interface Assignment {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  readonly independent: boolean;
  /** Worker threads; null for as many as are useful. */
  readonly workers: number | null;
}

export interface Execution {
  readonly runs: Runs;
  readonly environment: Environment;
}

/** Fewer requests than this are done before a thread has started. */
const FEW_REQUESTS = 200_000;

export const execute = async ({ workers, ...shared }: Assignment): Promise<Execution> => {
  const { scenario, inputs } = shared;
  const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const experiment: Experiment = { ...shared, progress };
  const jobs = jobsOf(scenario).length;
  const requests = estimatedRequests(scenario, inputs);
  const here = workers === null && requests <= FEW_REQUESTS;
  const threads = here ? 1 : Math.min(workers ?? availableParallelism(), jobs);
  const interrupt = listenForInterrupt();
  const width = widthOf(process.stderr);
  announcement(scenario, requests, threads)
    .flatMap((line) => wrap(line, width))
    .forEach(tell);
  const environment = watchEnvironment(threads);
  const pool = here ? openHere(experiment) : openThreads(experiment, threads);
  let done = 0;
  const hideProgress = showProgress({
    share: () => Atomics.load(progress, 0) / (WHOLE_RUN * jobs),
    describe: () => `${done} of ${jobs} runs`,
  });
  try {
    const runs = await runAll(scenario, pool, interrupt.signal, () => done++);
    return { runs, environment: environment() };
  } finally {
    hideProgress();
    // Once pressed it stays heard: the same press may come again through npm, and must not end the writing.
    if (!interrupt.signal.aborted) interrupt.ignore();
    await pool.close();
  }
};
