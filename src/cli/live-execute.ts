/** Carries out a live experiment: says how long it will take, shows how far it is, hears Ctrl-C. */
import { basename, dirname, extname, join } from 'node:path';
import type { Environment } from '../results/results.ts';
import type { Inputs, Scenario } from '../scenario/scenario.ts';
import type { Pacing } from '../live/driver/pacer.ts';
import { plain } from '../report/terminal.ts';
import { tell } from './console.ts';
import { watchEnvironment } from './environment.ts';
import { sizeOf } from './files.ts';
import { listenForInterrupt } from './interrupt.ts';
import { Course } from './live-course.ts';
import { liveJobs, runAllLive, type LiveRuns } from './live-runs.ts';
import { roughTime, showProgress } from './progress.ts';
import type { Job } from './simulate.ts';

interface LiveAssignment {
  readonly scenario: Scenario;
  readonly inputs: Inputs;
  readonly pacing: Pacing;
  readonly journal: string | undefined;
}

interface LiveExecution {
  readonly runs: LiveRuns;
  /** Journals that were begun, in the order of the runs. */
  readonly journals: readonly string[];
  readonly environment: Environment;
}

/** Starting and ending the processes of a run, and the last answers, roughly. */
const AROUND_A_RUN_MS = 6000;

export const executeLive = async (assignment: LiveAssignment): Promise<LiveExecution> => {
  const { scenario, inputs, pacing, journal } = assignment;
  const jobs = liveJobs(scenario);
  const runMs = scenario.duration + AROUND_A_RUN_MS;
  announce(scenario, jobs.length, runMs);
  const interrupt = listenForInterrupt();
  const environment = watchEnvironment();
  const course = new Course(jobs.length, runMs, performance.now());
  const journals: string[] = [];
  const hideProgress = showProgress({
    share: () => course.share(performance.now()),
    describe: () => describeJob(scenario, jobs, course.index),
  });
  try {
    const journalOf = (job: Job): string | null => {
      if (journal === undefined) return null;
      const file = journalPlace(journal, job, jobs.length);
      journals.push(file);
      return file;
    };
    const runs = await runAllLive(
      { scenario, inputs, pacing, journalOf },
      interrupt.signal,
      (index) => course.began(index, performance.now()),
    );
    const written = journals.filter((file) => sizeOf(file) > 0);
    return { runs, journals: written, environment: environment() };
  } finally {
    hideProgress();
    if (!interrupt.signal.aborted) interrupt.ignore();
  }
};

const announce = ({ name, contenders, seeds }: Scenario, runs: number, runMs: number): void =>
  tell(
    `${plain(name)}, live: ${contenders.length} x ${seeds.length} = ${runs} ${runs === 1 ? 'run' : 'runs'} ` +
      `(contenders x seeds) on real time, ${roughTime(runs * runMs)}. Ctrl-C ends it early and keeps the seeds that are done.`,
  );

const describeJob = ({ contenders }: Scenario, jobs: readonly Job[], index: number): string => {
  const { contender, seed } = jobs[index]!;
  return `run ${index + 1} of ${jobs.length} (${plain(contenders[contender]!.name)}, seed ${seed})`;
};

/** One run's journal is FILE itself; of several, each has its contender's number and seed in its name. */
const journalPlace = (file: string, { contender, seed }: Job, runs: number): string => {
  if (runs === 1) return file;
  const extension = extname(file);
  const stem = basename(file, extension);
  return join(dirname(file), `${stem}-${contender + 1}-seed-${seed}${extension}`);
};
