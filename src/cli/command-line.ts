/**
 * The command that reproduces a result, as a person would type it: options that change the numbers are in it, those that
 * do not (workers, output, strictness) are not, so the same experiment always tells the same command.
 */
import { isAbsolute, relative } from 'node:path';
import type { ScenarioOptions } from './scenario-options.ts';

export interface Reproducible extends ScenarioOptions {
  readonly independent?: boolean;
}

/** From source `npm run` is what works, installed the binary. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');

/** `npm run sim -- scenarios/flaky.yaml --seeds 20` */
export const simCommand = (file: string, options: Reproducible): string =>
  scenarioCommand('sim', file, options);

/** The same for another verb that runs a scenario. */
export const scenarioCommand = (verb: string, file: string, options: Reproducible): string =>
  commandLine(verb, [
    withoutMachine(file),
    ...(options.kubernetes ?? []).flatMap((manifest) => ['--kubernetes', withoutMachine(manifest)]),
    ...(options.workload === undefined ? [] : ['--workload', options.workload]),
    ...(options.set ?? []).flatMap((change) => ['--set', change]),
    ...(options.only ?? []).flatMap((name) => ['--only', name]),
    ...(options.seeds === undefined ? [] : ['--seeds', options.seeds]),
    ...(options.quick === true ? ['--quick'] : []),
    ...(options.independent === true ? ['--independent'] : []),
  ]);

/** The same for a single run of it; `only` the contender, unless streams depend on its place among all. */
export const runCommand = (
  file: string,
  options: Reproducible,
  contender: string,
  seed: number,
): string => {
  const { independent = false, set = [], only = [], kubernetes = [], workload } = options;
  return simCommand(file, {
    set: [...set, `seeds=[${seed}]`],
    only: independent ? only : [contender],
    kubernetes,
    ...(workload === undefined ? {} : { workload }),
    independent,
  });
};

/** How this program is called here. */
export const commandLine = (verb: string, words: readonly string[]): string =>
  [FROM_SOURCE ? `npm run ${verb} --` : `npx windtunnel ${verb}`, ...words.map(quote)].join(' ');

/** A path below the current folder says nothing about the machine. */
export const withoutMachine = (file: string): string => {
  const near = relative(process.cwd(), file);
  return isAbsolute(file) && !near.startsWith('..') && !isAbsolute(near) ? near : file;
};

/** Quoted for a POSIX shell where it needs to be. */
const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
