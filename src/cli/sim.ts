/**
 * `sim FILE`: simulates every contender with every seed, and writes and prints what came out. The exit code says whether
 * the answer can be relied on.
 */
import { manifestLines } from '../report/manifest-text.ts';
import { summarise } from '../results/summarise.ts';
import { scenarioHash } from '../scenario/hash.ts';
import { policiesAsWritten } from '../scenario/policies-as-written.ts';
import { bugReport } from './bug-report.ts';
import { simCommand, withoutMachine } from './command-line.ts';
import { tell, warn } from './console.ts';
import { deliver, judge } from './deliver.ts';
import { execute } from './execute.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable } from './files.ts';
import { openFile } from './open-file.ts';
import { placeFor } from './report-files.ts';
import { scenarioFromDisk, type ScenarioOptions } from './scenario-file.ts';

export interface SimOptions extends ScenarioOptions {
  readonly out?: string;
  readonly workers?: number;
  readonly independent?: boolean;
  readonly strict?: boolean;
  readonly open?: boolean;
}

/** Throws ScenarioError before anything is run or written. */
export const sim = async (file: string, options: SimOptions): Promise<ExitCode> => {
  const { scenario, inputs, source, warnings } = scenarioFromDisk(file, options);
  const { independent = false, strict = false, workers = null } = options;
  const place = placeFor(options.out, 'reports', scenario.name);
  expectWritable(`${place}.json`);
  warnings.forEach(warn);
  manifestLines(scenario).forEach(tell);
  const { runs, environment } = await execute({ scenario, inputs, independent, workers });
  if (runs.breach !== null) {
    tell(bugReport(scenario, file, options, runs.breach));
    return EXIT.bug;
  }
  if (runs.wholeSeeds === 0) {
    tell('Interrupted before every contender had finished a seed: nothing was written.');
    return EXIT.interrupted;
  }
  const results = summarise({
    scenario,
    records: runs.records,
    complete: runs.complete,
    independent,
    mode: 'sim',
    source: { file: withoutMachine(file), text: source.text },
    policies: scenario.contenders.map(({ setup }) => policiesAsWritten(setup)),
    scenarioHash: scenarioHash(scenario),
    command: simCommand(file, options),
    environment,
  });
  await deliver(results, place);
  if (options.open === true) openFile(`${place}.html`);
  return judge(results, strict);
};
