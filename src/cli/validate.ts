/**
 * `validate FILE`: is the scenario sound, how big is it, and where does it depart from best practice? A departure is no
 * mistake, so it does not change the exit code. `--schema` prints what editors check scenarios by.
 */
import { counted, formatNumber } from '../core/format.ts';
import { ScenarioError } from '../core/scenario-error.ts';
import { manifestLines } from '../report/manifest-text.ts';
import { wrap } from '../report/terminal.ts';
import { estimatedRequests } from '../scenario/estimate.ts';
import { scenarioJsonSchema } from '../scenario/json-schema.ts';
import { departures } from '../scenario/practice.ts';
import { print, warn, widthOf } from './console.ts';
import { departureLines } from './departure-text.ts';
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
  const size = `${counted(scenario.contenders.length, 'contender')} x ${counted(scenario.seeds.length, 'seed')}, about ${requests} requests`;
  print(wrap(`${file}: ok, ${size}`, widthOf(process.stdout)).join('\n'));
  warnings.forEach(warn);
  for (const line of manifestLines(scenario)) print(line);
  const width = widthOf(process.stdout);
  for (const departure of departures(scenario))
    print(['', ...departureLines(departure, scenario, width)].join('\n'));
  return EXIT.done;
};
