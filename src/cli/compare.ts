/**
 * `compare A B...`: each later results file against the first, contender by contender of the same name. Results of unlike
 * scenarios are refused, because a difference between them would be one of the weather and not of the policy.
 */
import { ScenarioError } from '../core/scenario-error.ts';
import { renderComparison, type Labelled } from '../report/comparison.ts';
import { compareResults } from '../results/compare.ts';
import { print, hasColor, warn, widthOf } from './console.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { readText } from './files.ts';
import { parseResults } from './results-json.ts';

export interface CompareOptions {
  readonly strict?: boolean;
  readonly force?: boolean;
}

export const compare = (
  first: string,
  others: readonly string[],
  { strict = false, force = false }: CompareOptions,
): ExitCode => {
  const a = labelled(first);
  const all = others.map(labelled);
  if (!force) all.forEach((b) => expectAlike(a, b));
  const page = { width: widthOf(process.stdout), color: hasColor(process.stdout) };
  const comparisons = all.map((b) => {
    const rows = compareResults(a.results, b.results);
    if (rows.length === 0) throw new ScenarioError(strangers(a, b), { file: b.label });
    if (b.results.scenarioHash !== a.results.scenarioHash) {
      warn(
        `${a.label} and ${b.label} are of unlike scenarios: a difference may be one of demand or world.`,
      );
    }
    return { b, rows };
  });
  print(comparisons.map(({ b, rows }) => renderComparison(a, b, rows, page)).join('\n'));
  const worse = comparisons.some(({ rows }) =>
    rows.some(({ judged, verdict }) => judged && verdict === 'worse'),
  );
  return strict && worse ? EXIT.worse : EXIT.done;
};

const labelled = (file: string): Labelled => ({
  label: file,
  results: parseResults(file, readText(file)),
});

const expectAlike = (a: Labelled, b: Labelled): void => {
  if (a.results.scenarioHash === b.results.scenarioHash) return;
  const message = `its demand or its world (traffic, servers, network, faults, duration) is not that of ${a.label}; --force compares all the same`;
  throw new ScenarioError(message, { file: b.label });
};

const strangers = (a: Labelled, b: Labelled): string => {
  const names = ({ results }: Labelled): string =>
    results.contenders.map(({ name }) => name).join(', ');
  return `no contender to compare by name, or no metric that both have: it has ${names(b)}; ${a.label} has ${names(a)}`;
};
