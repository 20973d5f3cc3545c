/** `export kubernetes RESULTS`: a contender of a results file as manifests; the leader, unless one is named. */
import { ScenarioError } from '../core/scenario-error.ts';
import { leaderOf } from '../results/leader.ts';
import type { Results } from '../results/results.ts';
import { manifestsOf } from '../scenario/kubernetes/write/manifests.ts';
import { unknownName } from '../scenario/suggest.ts';
import type { Contender } from '../scenario/scenario.ts';
import { print, tell } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { expectWritable, readText, writeWhole } from './files.ts';
import { parseResults } from './results-json.ts';

export interface ExportOptions {
  readonly contender?: string;
  readonly out?: string;
  readonly name?: string;
}

const LABEL = /^[a-z]([a-z0-9-]{0,60}[a-z0-9])?$/;

/** Throws ScenarioError. */
export const exportKubernetes = (file: string, options: ExportOptions): ExitCode => {
  const { out, name = 'mcp-server' } = options;
  if (!LABEL.test(name))
    throw new ScenarioError('allowed: lower case letters, digits and `-`, e.g. mcp-server', {
      file: `--name ${name}`,
    });
  if (out !== undefined) expectWritable(out);
  const results = parseResults(file, readText(file));
  if (results.mode === 'load')
    throw new ScenarioError('a load test knows no servers; allowed: results of sim or live', {
      file,
    });
  const chosen = contenderOf(results, options.contender, file);
  const text = manifestsOf(chosen.setup, { name, source: sourceLines(results, chosen) });
  if (out === undefined) print(text.trimEnd());
  else {
    writeWhole([{ file: out, text }]);
    print(out);
  }
  return EXIT.done;
};

const contenderOf = (results: Results, name: string | undefined, file: string): Contender => {
  const { contenders } = results.scenario;
  const names = contenders.map((contender) => contender.name);
  const wanted = name ?? leaderOf(results)?.name;
  if (wanted === undefined)
    throw new ScenarioError(`nobody won; name one with --contender: ${names.join(', ')}`, { file });
  const chosen = contenders.find((contender) => contender.name === wanted);
  if (chosen === undefined) {
    const message = unknownName('contender', wanted, names);
    throw new ScenarioError(message, { file: `--contender ${wanted}` });
  }
  if (name === undefined && names.length > 1) tell(`the contender that leads: ${wanted}`);
  return chosen;
};

const sourceLines = ({ scenario, source, command }: Results, { name }: Contender): string[] => [
  `Contender "${name}" of ${source.file}: ${scenario.question}`,
  `Tested by: ${command}`,
];
