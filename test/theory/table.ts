/** The suite's findings for a terminal: a table per family, a line per quantity, and what was left out at the end. */
import { familyOf } from './families/index.ts';
import { describeParams } from './references.ts';
import type { Case } from './suite.ts';
import type { Validation } from './validate.ts';
import { figure, inErrors, millions, percent } from './wording.ts';

const WIDTHS = [20, 12, 12, 9, 9] as const;

/** One family: `cases` share their entry's name. */
export const familyTable = (cases: readonly Case[]): string => {
  const tried = cases.filter(({ validations }) => validations.length > 0);
  if (tried.length === 0) return '';
  const { entry } = tried[0]!;
  const columns = row(['', 'theory', 'simulation', 'error/SE', 'SE/theory', 'verdict']);
  return [entry.name, `  as ${familyOf(entry)!.modelledAs}`, columns, ...tried.flatMap(lines)]
    .join('\n')
    .concat('\n');
};

const lines = ({ entry, validations }: Case): string[] =>
  validations.flatMap((validation) => {
    const { experiment, judgements, leftOut, requests, confirmed } = validation;
    const label = experiment.label === '' ? '' : ` [${experiment.label}]`;
    const cost = leftOut === null ? `${millions(requests)} requests` : `left out: ${leftOut}`;
    const again = confirmed ? ', a second set of seeds' : '';
    return [`  ${describeParams(entry)}${label} (${cost}${again})`, ...judgements.map(judged)];
  });

const judged = (judgement: Validation['judgements'][number]): string => {
  const { quantity, mean, precision, finding } = judgement;
  const bound = quantity.rule === 'at-most' ? '<= ' : '';
  return row([
    quantity.name,
    bound + figure(quantity.expected),
    figure(mean),
    inErrors(judgement),
    percent(precision),
    finding,
  ]);
};

const row = (cells: readonly string[]): string =>
  `    ${cells
    .map((cell, k) => (k === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[k] ?? 0)))
    .join('  ')}`;

/** What was not tried, by reason. */
export const omissions = (cases: readonly Case[]): string => {
  const texts = cases.flatMap((each): readonly [reason: string, what: string][] => {
    const name = `${each.entry.name}, ${describeParams(each.entry)}`;
    if (each.reason !== null) return [[`${each.outcome}: ${each.reason}`, name]];
    return each.validations.flatMap(({ experiment, leftOut }) =>
      leftOut === null ? [] : [[`left out: ${leftOut}`, `${name} [${experiment.label}]`] as const],
    );
  });
  const reasons = [...new Set(texts.map(([reason]) => reason))];
  return reasons
    .map((reason) => {
      const names = texts.filter(([each]) => each === reason).map(([, name]) => `    ${name}`);
      return `  ${reason}\n${names.join('\n')}`;
    })
    .join('\n');
};
