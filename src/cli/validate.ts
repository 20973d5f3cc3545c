/**
 * `validate FILE`: is the scenario sound, how big is it, and where does it depart from best practice? A departure is no
 * mistake, so it does not change the exit code. `--schema` prints what editors check scenarios by.
 */
import { counted, formatNumber } from '../core/format.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import { manifestLines } from '../report/manifest-text.ts';
import { plain } from '../report/terminal.ts';
import { estimatedRequests } from '../scenario/estimate.ts';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { departures, type Departure } from '../scenario/practice.ts';
import { print, warn } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { scenarioFromDisk, type ScenarioOptions } from './scenario-file.ts';

export interface ValidateOptions extends ScenarioOptions {
  readonly schema?: boolean;
}

/** Throws ScenarioError with all mistakes found. */
export const validate = (file: string | undefined, options: ValidateOptions): ExitCode => {
  if (options.schema === true) {
    print(JSON.stringify(scenarioJsonSchema(), null, 2));
    return EXIT.done;
  }
  if (file === undefined) throw new ScenarioError('missing: the scenario to validate');
  const { scenario, inputs, warnings } = scenarioFromDisk(file, options);
  const requests = formatNumber(Math.round(estimatedRequests(scenario, inputs)));
  print(
    `${file}: ok, ${counted(scenario.contenders.length, 'contender')} x ${counted(scenario.seeds.length, 'seed')}, about ${requests} requests`,
  );
  warnings.forEach(warn);
  for (const line of manifestLines(scenario)) print(line);
  for (const departure of departures(scenario))
    print(`\n${told(departure, scenario.contenders.length)}`);
  return EXIT.done;
};

const told = (
  { aspect, what, contenders, recommendation, reason }: Departure,
  all: number,
): string => {
  const where =
    contenders.length === all
      ? ''
      : ` with ${contenders.map((name) => `"${plain(name)}"`).join(', ')}`;
  return `departs from best practice: ${aspect}: ${what}${where}\n  recommended: ${recommendation}\n  because ${reason}`;
};
