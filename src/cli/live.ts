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
import { ChildDied } from '../live/launcher/child.ts';
import { scenarioCommand, withoutMachine } from './command-line.ts';
import { print, tell, warn } from './console.ts';
import { deliver, judge } from './deliver.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable } from './files.ts';
import { executeLive } from './live-execute.ts';
import type { Trouble } from './live-runs.ts';
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
  const { runs, environment, journals } = await executeLive({ scenario, inputs, pacing, journal });
  if (runs.wholeSeeds === 0) {
    journals.forEach(print);
    if (runs.trouble !== null) return failed(runs.trouble, 'no report was written');
    tell('Interrupted before every contender had finished a seed: no report was written.');
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
  const stopped = runs.trouble === null ? [] : [stoppedBy(runs.trouble)];
  await deliver({ ...results, warnings: [...stopped, ...results.warnings] }, place);
  journals.forEach(print);
  if (options.open === true) openFile(`${place}.html`);
  return runs.trouble === null
    ? judge(results, strict)
    : failed(runs.trouble, 'what was finished before is in the report');
};

/** Who was killed from outside is told as that; whatever else broke is a bug, and is thrown. */
const failed = ({ error }: Trouble, kept: string): ExitCode => {
  if (!(error instanceof ChildDied) || !error.killed) throw error;
  tell(error.message);
  tell(`It was killed from outside, by hand or by the system for want of memory; ${kept}.`);
  return EXIT.bug;
};

const stoppedBy = ({ error, run }: Trouble): string =>
  `Stopped early: ${error.message.split('\n')[0] ?? ''} (${run}).`;

/** Exact instants while they are cheap, timers beyond. */
export const pacingFor = ({ base, duration }: Scenario, inputs: Inputs): Pacing => {
  const arrivals = expectedArrivals(base.traffic.arrivals, inputs, duration);
  return (1000 * arrivals) / duration <= FEW_A_SECOND ? 'hybrid' : 'timer';
};
