/** Verbs, arguments, options and their help. The code of a verb is loaded when it is called. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from './exit.ts';
import type { LiveOptions } from './live.ts';
import { addExport } from './export-verb.ts';
import { addGateway, addReplay } from './gateway-verb.ts';
import { interruptible } from './interrupt.ts';
import { addLoad } from './load-verb.ts';
import type { ServerOptions } from './server-settings.ts';
import type { SimOptions } from './sim.ts';
import type { ValidateOptions } from './validate.ts';
import { VERSION } from './version.ts';

type Done = (code: ExitCode) => void;

const EXAMPLES = `
Examples:
  windtunnel sim scenarios/flaky.yaml
  windtunnel sim scenarios/flaky.yaml --quick --set servers.count=8
  windtunnel live scenarios/flaky.yaml --set duration=2m --seeds 1
  windtunnel list balancers

In a checkout: npm run sim -- scenarios/flaky.yaml
Exit codes: 0 done, 1 a bug of ours, 2 a mistake of yours, 97 the run is invalid,
98 compare --strict: worse, 99 --strict: an SLO was missed, 130 interrupted`;

export const makeProgram = (done: Done): Command => {
  const program = new Command('windtunnel')
    .description(
      'A wind tunnel for MCP server fleets: compare balancers, breakers, health checks and autoscalers before production does.',
    )
    .version(VERSION, '-V, --version', 'the version of windtunnel')
    .helpOption('-h, --help', 'help for windtunnel or a verb')
    .helpCommand('help [verb]', 'help for a verb')
    .showHelpAfterError('(add --help for what is allowed)')
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  addSim(program, done);
  addLive(program, done);
  addServer(program, done);
  addLoad(program, done);
  addGateway(program, done);
  addReport(program, done);
  addCompare(program, done);
  addValidate(program, done);
  addList(program, done);
  addReplay(program, done);
  addExport(program, done);
  return program;
};

const addSim = (program: Command, done: Done): void => {
  withScenarioOptions(program.command('sim <file>'))
    .description('simulate a scenario and report which contender is better')
    .option(
      '--out <dir/name>',
      'where the report goes (default: reports/ and the name of the scenario)',
    )
    .option('--workers <n>', 'worker threads (default: one a core)', wholeNumber)
    .option('--independent', 'give each contender demand and weather of its own (wider intervals)')
    .option('--strict', 'exit with 99 when an SLO is missed')
    .option('--open', 'open the report when it is done')
    .option(
      '--trace <request>',
      "tell one request's story instead: 17, or 17.3 for call 3 of session 17",
    )
    .addHelpText(
      'after',
      `
Examples:
  windtunnel sim scenarios/flaky.yaml
  windtunnel sim scenarios/flaky.yaml --seeds 30 --out reports/flaky-30
  windtunnel sim scenarios/flaky.yaml --set breaker.counter.failures=3 --set servers.count=8
  windtunnel sim scenarios/flaky.yaml --only "with breaker" --trace 1204
  windtunnel sim scenarios/kubernetes.yaml --kubernetes deploy/mcp.yaml
  windtunnel sim scenarios/kubernetes.yaml --kubernetes deploy/all.yaml --workload mcp-server`,
    )
    .action(async (file: string, { trace, ...options }: SimArguments) => {
      if (trace !== undefined) done((await import('./trace.ts')).trace(file, trace, options));
      else done(await interruptible(async () => (await import('./sim.ts')).sim(file, options)));
    });
};

const addLive = (program: Command, done: Done): void => {
  withScenarioOptions(program.command('live <file>'))
    .description('the same scenario with real processes, real HTTP and real MCP, on this machine')
    .option(
      '--out <dir/name>',
      'where the report goes (default: reports/ and the name of the scenario, with -live)',
    )
    .option('--with-sim', 'simulate it too, and show how far live and simulated are apart')
    .option(
      '--journal <file>',
      'record what the fleet was told and what it wanted, for `replay`; of several runs each has a file of its own, such as file-1-seed-3.journal',
    )
    .addOption(
      new Option(
        '--pacing <how>',
        'how the driver waits for its instants: timer (up to 2 ms late) or hybrid (exact, costs CPU); default: by the rate',
      ).choices(['timer', 'hybrid']),
    )
    .option('--strict', 'exit with 99 when an SLO is missed')
    .option('--open', 'open the report when it is done')
    .addHelpText(
      'after',
      `
A run takes as long as the scenario says: contenders x seeds x duration. Ctrl-C and SIGTERM end it early and keep the
seeds that every contender has finished; so does a process of a run that dies (exit code 1).
With --journal x.journal, contender 2 with seed 3 is replayed by: windtunnel replay x-2-seed-3.journal

Examples:
  windtunnel live scenarios/flaky.yaml --set duration=2m --seeds 1
  windtunnel live scenarios/flaky.yaml --seeds 5 --with-sim`,
    )
    .action(async (file: string, options: LiveOptions) =>
      done(await interruptible(async () => (await import('./live.ts')).live(file, options))),
    );
};

const addServer = (program: Command, done: Done): void => {
  program
    .command('server')
    .description('serve one fake MCP server: its tool `call` takes time, and fails as told')
    .option('--work <duration>', 'time a call takes: a duration or a distribution', '50ms')
    .option('--slots <n>', 'calls served at once', '8')
    .option('--queue <n>', 'waiting places, or none for no limit; beyond them 503', '64')
    .option('--patience <duration>', 'longest wait in the queue, then 503', 'none')
    .option('--discipline <name>', 'fifo or processor-sharing', 'fifo')
    .option('--errors <share>', 'share of calls answered 500')
    .option('--tool-errors <share>', 'share of calls whose tool says no')
    .option('--slow <factor>', 'slower by this factor')
    .option('--hang', 'accept everything, answer nothing')
    .option('--era <name>', 'legacy (2025-11-25), modern (2026-07-28) or both', 'both')
    .option('--reply <form>', 'json, sse, or auto: what the client lists first in Accept', 'auto')
    .option('--port <n>', '0 for any free one', '8001')
    .option('--host <host>', 'where to listen', '127.0.0.1')
    .option('--startup <duration>', 'wait before listening', '0')
    .option('--session-idle <duration>', 'forget legacy sessions left alone for so long')
    .option('--seed <n>', 'of the draws of work and failures', '1')
    .addHelpText(
      'after',
      `
Examples:
  windtunnel server --work 50ms --errors 5% --era legacy --port 8001
  windtunnel server --work "{ lognormal: { mean: 40ms, cv: 1 } }" --slots 4 --queue none`,
    )
    .action(async (options: ServerOptions) =>
      done(await (await import('./server.ts')).serve(options)),
    );
};

const addReport = (program: Command, done: Done): void => {
  program
    .command('report <file...>')
    .description('draw HTML, Markdown and CSV from results files')
    .option('--out <dir/name>', 'where the report goes; a folder when there are several files')
    .option('--open', 'open the report when it is done')
    .addHelpText('after', '\nExample:\n  windtunnel report reports/flaky.json')
    .action(async (files: string[], options: { out?: string; open?: boolean }) =>
      done(await (await import('./report.ts')).report(files, options)),
    );
};

const addCompare = (program: Command, done: Done): void => {
  program
    .command('compare <a> <b...>')
    .description('compare results files of the same scenario, each with the first')
    .option('--strict', 'exit with 98 when a later one is worse in a judged metric')
    .option('--force', 'compare results of unlike scenarios all the same')
    .addHelpText(
      'after',
      '\nExample:\n  windtunnel compare reports/last-week.json reports/flaky.json --strict',
    )
    .action(async (a: string, others: string[], options: { strict?: boolean; force?: boolean }) =>
      done((await import('./compare.ts')).compare(a, others, options)),
    );
};

const addValidate = (program: Command, done: Done): void => {
  withScenarioOptions(program.command('validate [file]'))
    .description('check a scenario, and mention where it departs from best practice')
    .option('--schema', 'print the JSON Schema of scenarios, for editors')
    .addHelpText('after', '\nExample:\n  windtunnel validate scenarios/flaky.yaml')
    .action(async (file: string | undefined, options: ValidateOptions) =>
      done((await import('./validate.ts')).validate(file, options)),
    );
};

const addList = (program: Command, done: Done): void => {
  program
    .command('list [what]')
    .description(
      'every policy, arrival process, distribution, fault and metric, with options and defaults',
    )
    .addHelpText(
      'after',
      '\nWhat: arrivals, distributions, session-lengths, balancers, health, ejections, breakers, limits, budgets,\nautoscalers, guards, faults, metrics, or the name of one such as least-connections.\n\nExamples:\n  windtunnel list balancers\n  windtunnel list least-connections',
    )
    .action(async (what: string | undefined) => done((await import('./list.ts')).list(what)));
};

type SimArguments = SimOptions & { readonly trace?: string };

const withScenarioOptions = (command: Command): Command =>
  command
    .option('--seeds <n|list>', 'replications 1..n, or a list of seeds: 1,2,5')
    .option('--set <path=value>', 'change one value of the scenario; may be repeated', gather)
    .option(
      '--kubernetes <file>',
      'take servers, health, drain and autoscaler from a manifest; may be repeated',
      gather,
    )
    .option('--workload <name>', 'which workload of the manifests, where there are several')
    .option('--only <contender>', 'run only this contender; may be repeated', gather)
    .option('--quick', 'at most 5 seeds: a first look, no verdicts');

const gather = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

const MOST_WORKERS = 256;

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MOST_WORKERS) return number;
  throw new InvalidArgumentError(`Allowed: a whole number from 1 to ${MOST_WORKERS}.`);
};
