/**
 * `sim FILE`: simulates every contender with every seed, and writes and prints what came out. Loads, announces, runs,
 * summarises, writes, prints; the exit code says whether the answer can be relied on.
 */
import { availableParallelism } from 'node:os';
import { METRICS } from '../core/metrics.ts';
import { formatMetric } from '../core/format.ts';
import { renderText } from '../report/text.ts';
import type { Results } from '../results/results.ts';
import { summarise } from '../results/summarise.ts';
import { invalidReason } from '../results/validity.ts';
import { estimatedRequests } from '../scenario/estimate.ts';
import { scenarioHash } from '../scenario/hash.ts';
import { announcement } from './announcement.ts';
import { bugReport } from './bug-report.ts';
import { simCommand, withoutMachine } from './command-line.ts';
import { hasColor, print, tell, warn, widthOf } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable, writeWhole } from './files.ts';
import { listenForInterrupt } from './interrupt.ts';
import { openFile } from './open-file.ts';
import { openHere, openThreads, type Pool } from './pool.ts';
import { showProgress } from './progress.ts';
import { drawReport, placeFor } from './report-files.ts';
import { parseResults, resultsText } from './results-json.ts';
import { jobsOf, runAll, type Runs } from './run-all.ts';
import { scenarioFromDisk, type FromDisk, type ScenarioOptions } from './scenario-file.ts';
import type { Experiment } from './simulate.ts';
import { WHOLE_RUN } from './counting-world.ts';
import { VERSION } from './version.ts';

export interface SimOptions extends ScenarioOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly independent?: boolean;
  readonly strict?: boolean;
  readonly open?: boolean;
}

/** Fewer requests than this are done before a thread has started. */
const FEW_REQUESTS = 200_000;

export const sim = async (file: string, options: SimOptions): Promise<ExitCode> => {
  const loaded = scenarioFromDisk(file, options);
  const place = placeFor(options.out, 'reports', loaded.scenario.name);
  expectWritable(`${place}.json`);
  loaded.warnings.forEach(warn);
  const { runs, environment } = await simulateAll(loaded, options);
  if (runs.breach !== null) {
    tell(bugReport(loaded.scenario, file, options, runs.breach));
    return EXIT.bug;
  }
  const results = summarise({
    ...runs,
    scenario: loaded.scenario,
    independent: options.independent === true,
    mode: 'sim',
    source: { file: withoutMachine(file), text: loaded.source.text },
    scenarioHash: scenarioHash(loaded.scenario),
    command: simCommand(file, options),
    environment,
  });
  if (!runs.complete && results.contenders[0]?.runs.length === 0) {
    tell('Interrupted before every contender had finished a seed: nothing was written.');
    return EXIT.interrupted;
  }
  await deliver(results, place);
  if (options.open === true) openFile(`${place}.html`);
  return judge(results, options.strict === true);
};

const simulateAll = async (loaded: FromDisk, options: SimOptions) => {
  const { scenario, inputs } = loaded;
  const jobs = jobsOf(scenario).length;
  const requests = estimatedRequests(scenario, inputs);
  const experiment: Experiment = {
    scenario,
    inputs,
    independent: options.independent === true,
    progress: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
  const here = options.workers === undefined && requests <= FEW_REQUESTS;
  const workers = here ? 1 : Math.min(options.workers ?? availableParallelism(), jobs);
  announcement(scenario, requests, workers).forEach(tell);
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const runs = await observed(
    here ? openHere(experiment) : openThreads(experiment, workers),
    experiment,
    jobs,
  );
  return {
    runs,
    environment: {
      windtunnel: VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      workers,
      startedAt,
      tookMs: Math.round(performance.now() - began),
    },
  };
};

/** Runs everything in `pool` with progress shown and Ctrl-C heard, and closes it. */
const observed = async (
  pool: Pool,
  { scenario, progress }: Experiment,
  jobs: number,
): Promise<Runs> => {
  let done = 0;
  const interrupt = listenForInterrupt();
  const hide = showProgress({
    share: () => Atomics.load(progress, 0) / (WHOLE_RUN * jobs),
    describe: () => `${done} of ${jobs} runs`,
  });
  try {
    return await runAll(scenario, pool, interrupt.signal, () => done++);
  } finally {
    hide();
    interrupt.ignore();
    await pool.close();
  }
};

/** Writes all files and prints the table. Everything is drawn from the text of the results file, so `report` draws the same. */
const deliver = async (results: Results, place: string): Promise<void> => {
  const json = { file: `${place}.json`, text: resultsText(results) };
  const written = parseResults(json.file, json.text);
  const files = [json, ...(await drawReport(written, place))];
  writeWhole(files);
  print(renderText(written, { width: widthOf(process.stdout), color: hasColor(process.stdout) }));
  print(files.map(({ file }) => file).join('\n'));
};

const judge = (results: Results, strict: boolean): ExitCode => {
  if (!results.complete) return EXIT.interrupted;
  const reason = invalidReason(results);
  if (reason !== null) {
    warn(`The run is invalid: ${reason}`);
    return EXIT.invalid;
  }
  const missed = strict ? missedObjectives(results) : [];
  missed.forEach(warn);
  return missed.length > 0 ? EXIT.sloMissed : EXIT.done;
};

const missedObjectives = ({ contenders }: Results): string[] =>
  contenders.flatMap(({ name, slo }) =>
    slo
      .filter(({ met }) => !met)
      .map(({ metric, limit, mean }) => {
        const label = METRICS[metric].label;
        return `SLO missed by "${name}": ${label} ${formatMetric(metric, mean)}, limit ${formatMetric(metric, limit)}`;
      }),
  );
