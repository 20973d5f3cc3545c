/**
 * `sim FILE`: simulates every contender with every seed, and writes and prints what came out. The exit code says whether
 * the answer can be relied on.
 */
import { formatMetric } from '../core/format.ts';
import { METRICS } from '../core/metrics.ts';
import { renderText } from '../report/text.ts';
import type { Results } from '../results/results.ts';
import { summarise } from '../results/summarise.ts';
import { invalidReason } from '../results/validity.ts';
import { scenarioHash } from '../scenario/hash.ts';
import { bugReport } from './bug-report.ts';
import { simCommand, withoutMachine } from './command-line.ts';
import { hasColor, print, tell, warn, widthOf } from './console.ts';
import { execute } from './execute.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable, writeWhole } from './files.ts';
import { openFile } from './open-file.ts';
import { drawReport, placeFor } from './report-files.ts';
import { parseResults, resultsText } from './results-json.ts';
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
    scenarioHash: scenarioHash(scenario),
    command: simCommand(file, options),
    environment,
  });
  await deliver(results, place);
  if (options.open === true) openFile(`${place}.html`);
  return judge(results, strict);
};

/** Everything is drawn from the text of the results file, so that `report` draws the same from it later. */
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
        const [measured, bound] = [formatMetric(metric, mean), formatMetric(metric, limit)];
        return `SLO missed by "${name}": ${METRICS[metric].label} ${measured}, limit ${bound}`;
      }),
  );
