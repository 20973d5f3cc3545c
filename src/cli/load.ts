/**
 * `load URL`: puts a real MCP deployment under load and writes what came of it: the same results file, report, objectives
 * and exit codes as a simulation. Closed loop (what can it do with N clients?) by autocannon, open loop (how does it bear
 * this traffic?) by our own driver. Whatever is shown or written passes the secrets' `conceal`.
 */
import { ScenarioError } from '../core/scenario-error.ts';
import { Discovery, type Discovered } from '../live/load/discovery.ts';
import type { Engine } from '../live/load/loop.ts';
import type { Secrets } from '../live/load/secrets.ts';
import { shownUrl } from '../live/load/target.ts';
import { summarise } from '../results/summarise.ts';
import { commandLine } from './command-line.ts';
import { tell, warn } from './console.ts';
import { deliver, judge } from './deliver.ts';
import { watchEnvironment } from './environment.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable } from './files.ts';
import { executeLoad } from './load-execute.ts';
import { readWish, type LoadOptions, type Wish } from './load-options.ts';
import { planLoad, type LoadPlan } from './load-scenario.ts';
import { openFile } from './open-file.ts';
import { placeFor } from './report-files.ts';

export type { LoadOptions } from './load-options.ts';

/** Throws ScenarioError before anything is put under load or written. */
export const load = async (url: string, options: LoadOptions): Promise<ExitCode> => {
  const wish = readWish(url, options);
  const place = placeFor(options.out, 'reports', 'load');
  expectWritable(`${place}.json`);
  const environment = watchEnvironment();
  const { plan, engine } = await concealing(wish.secrets, () => prepare(wish));
  tell(`${shownUrl(wish.url)}: ${Object.values(plan.spec).slice(1, 3).join(', ')}, ${engine}`);
  const runs = await executeLoad(plan, engine);
  if (runs.records.length === 0) {
    tell('Interrupted before there was anything to measure: nothing was written.');
    return EXIT.interrupted;
  }
  const results = summarise({
    scenario: plan.scenario,
    records: [runs.records],
    complete: runs.complete,
    independent: false,
    mode: 'load',
    // The target's are its own business.
    policies: [{ ...plan.spec, engine }],
    source: plan.source,
    scenarioHash: plan.hash,
    command: loadCommand(wish, options),
    environment: environment(),
    ...(runs.lags.length > 0 && { lags: [runs.lags] }),
    silences: [runs.silences],
  });
  await deliver({ ...results, warnings: [...runs.warnings, ...results.warnings] }, place);
  if (options.open === true) openFile(`${place}.html`);
  if (runs.complete && runs.invalid !== null) {
    warn(`The run is invalid: ${runs.invalid}`);
    return EXIT.invalid;
  }
  return judge(results, options.strict === true);
};

interface Prepared {
  readonly plan: LoadPlan;
  readonly engine: Engine;
}

/** Meets the target, makes the plan, and tries one call of each tool. */
const prepare = async (wish: Wish): Promise<Prepared> => {
  const { url, secrets, insecure } = wish;
  const discovery = new Discovery({ url, headers: secrets.headers, insecure });
  try {
    const found = await discovery.meet(wish.era);
    const plan = planLoad(wish, found);
    for (const tool of plan.target.tools) {
      const { outcome, said } = await discovery.tryTool(tool, plan.target.timeout);
      if (outcome === 'ok') continue;
      const told = `a first call of ${tool.name} ended in ${outcome}: ${said}`;
      if (outcome === 'tool-error' && tool.synthesised && wish.tool === undefined)
        throw new ScenarioError(`${told}; name a tool with --tool and --arguments`);
      warn(secrets.conceal(told));
    }
    return { plan, engine: engineFor(plan, found) };
  } finally {
    await discovery.close();
  }
};

/** autocannon verifies no certificate, counts deadlines in seconds and mistrusts connections that close. */
const engineFor = ({ wish, target }: LoadPlan, { closes }: Discovered): Engine => {
  if (wish.loop.kind !== 'closed') return 'open-loop';
  const unverified = wish.url.protocol === 'https:' && !wish.insecure;
  const short = target.timeout !== null && target.timeout < 1000;
  return unverified || short || closes ? 'closed-loop' : 'autocannon';
};

const concealing = async <T>(secrets: Secrets, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw ScenarioError.of(
      error.mistakes.map(({ message, place }) => ({ message: secrets.conceal(message), place })),
    );
  }
};

/** Options that change the numbers; of secrets only where they come from. */
const loadCommand = (wish: Wish, options: LoadOptions): string => {
  const flag = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${name}`, value];
  return commandLine('load', [
    shownUrl(wish.url),
    ...flag('connections', options.connections),
    ...flag('rate', options.rate),
    ...flag('arrivals', options.arrivals),
    ...flag('duration', options.duration),
    ...flag('warmup', options.warmup),
    ...flag('timeout', options.timeout),
    ...flag('seeds', options.seeds),
    ...flag('era', options.era),
    ...flag('tool', options.tool),
    ...flag('arguments', options.arguments),
    ...flag('header-file', options.headerFile),
    ...flag('bearer-env', options.bearerEnv),
    ...(options.insecure === true ? ['--insecure'] : []),
    ...(options.yes === true ? ['--yes'] : []),
    ...(options.slo ?? []).flatMap((objective) => ['--slo', objective]),
  ]);
};
