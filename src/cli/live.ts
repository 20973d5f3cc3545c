/**
 * `live FILE`: what `sim` simulates, done for real on this machine: fake MCP servers and the gateway as processes, an
 * open-loop driver, the same faults at the same times; the same results and report. With its simulated twin on request.
 */
import { manifestLines } from '../report/manifest-text.ts';
import { summarise } from '../results/summarise.ts';
import { expectedArrivals } from '../scenario/arrivals.ts';
import { scenarioHash } from '../scenario/hash.ts';
import { policiesAsWritten } from '../scenario/policies-as-written.ts';
import type { Inputs, Scenario } from '../scenario/scenario.ts';
import type { Pacing } from '../live/driver/pacer.ts';
import { scenarioCommand, withoutMachine } from './command-line.ts';
import { tell, warn } from './console.ts';
import { deliver, judge } from './deliver.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable } from './files.ts';
import { executeLive } from './live-execute.ts';
import { openFile } from './open-file.ts';
import { placeFor } from './report-files.ts';
import { scenarioFromDisk, type ScenarioOptions } from './scenario-file.ts';
import { simulatedTwin } from './twin.ts';

export interface LiveOptions extends ScenarioOptions {
  readonly out?: string;
  readonly withSim?: boolean;
  readonly journal?: string;
  readonly pacing?: Pacing;
  readonly strict?: boolean;
  readonly open?: boolean;
}

/** Below this many arrivals a second exact instants cost little: a millisecond of CPU each. */
const FEW_A_SECOND = 150;

/** Throws ScenarioError before anything is started or written. */
export const live = async (file: string, options: LiveOptions): Promise<ExitCode> => {
  const { scenario, inputs, source, warnings } = scenarioFromDisk(file, options);
  const { withSim = false, strict = false, journal } = options;
  const place = placeFor(options.out, 'reports', `${scenario.name}-live`);
  expectWritable(`${place}.json`);
  if (journal !== undefined) expectWritable(journal);
  warnings.forEach(warn);
  manifestLines(scenario).forEach(tell);
  const pacing = options.pacing ?? pacingFor(scenario, inputs);
  const { runs, environment } = await executeLive({ scenario, inputs, pacing, journal });
  if (runs.wholeSeeds === 0) {
    tell('Interrupted before every contender had finished a seed: nothing was written.');
    return EXIT.interrupted;
  }
  const shared = {
    scenario,
    independent: false,
    source: { file: withoutMachine(file), text: source.text },
    policies: scenario.contenders.map(({ setup }) => policiesAsWritten(setup)),
    scenarioHash: scenarioHash(scenario),
    command: scenarioCommand('live', file, options) + (withSim ? ' --with-sim' : ''),
    environment,
  };
  const twin = withSim && runs.complete ? await simulatedTwin(inputs, shared) : null;
  const results = summarise({
    ...shared,
    mode: 'live',
    records: runs.records,
    complete: runs.complete,
    lags: runs.lags,
    ...(twin && { twin }),
  });
  await deliver(results, place);
  if (options.open === true) openFile(`${place}.html`);
  return judge(results, strict);
};

/** Exact instants while they are cheap, timers beyond. */
export const pacingFor = ({ base, duration }: Scenario, inputs: Inputs): Pacing => {
  const arrivals = expectedArrivals(base.traffic.arrivals, inputs, duration);
  return (1000 * arrivals) / duration <= FEW_A_SECOND ? 'hybrid' : 'timer';
};
