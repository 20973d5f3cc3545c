/**
 * The conformance suite as a function: every case of every file in a folder is put to the real module, or counted as
 * not implemented with the reason. Nothing is skipped in silence: passed + failed + not implemented = all cases.
 */
import { readCases, type CaseGroup } from './case-file.ts';
import { reasonFor, RULES } from './rules.ts';

export interface Verdict {
  /** `lb-breaker/referenceScore: latency alone` */
  readonly name: string;
  /** What is wrong, or null: the case passed. */
  readonly breach: string | null;
}

export interface Missing {
  readonly group: string;
  readonly count: number;
  readonly because: string;
}

export interface Conformance {
  readonly verdicts: readonly Verdict[];
  readonly missing: readonly Missing[];
  readonly passed: number;
  readonly failed: number;
  readonly notImplemented: number;
}

/** Throws ScenarioError when the folder has no readable cases. */
export const conform = (folder: string): Conformance => {
  const groups = readCases(folder);
  const verdicts = groups.flatMap(verdictsOf);
  const missing = groups.flatMap(missingOf);
  const failed = verdicts.filter(({ breach }) => breach !== null).length;
  return {
    verdicts,
    missing,
    failed,
    passed: verdicts.length - failed,
    notImplemented: missing.reduce((sum, { count }) => sum + count, 0),
  };
};

/** A line a case that was tried, a line a group that was not, and the sum. */
export const conformanceLines = (found: Conformance): string[] => [
  ...found.verdicts.map(({ name, breach }) =>
    breach === null ? `ok    ${name}` : `FAIL  ${name}: ${breach}`,
  ),
  ...found.missing.map(
    ({ group, count, because }) =>
      `-     ${group}: ${count} ${count === 1 ? 'case' : 'cases'} not implemented: ${because}`,
  ),
  `${found.passed} passed, ${found.failed} failed, ${found.notImplemented} not implemented`,
];

const shortName = ({ name }: CaseGroup): string => name.slice(name.indexOf('/') + 1);

const verdictsOf = (group: CaseGroup): Verdict[] => {
  const rule = RULES.get(shortName(group));
  if (rule === undefined) return [];
  return group.cases.flatMap((row, index) =>
    rule.covers(row)
      ? [{ name: `${group.name}: ${idOf(row, index)}`, breach: tried(() => rule.breach(row)) }]
      : [],
  );
};

const missingOf = (group: CaseGroup): Missing[] => {
  const rule = RULES.get(shortName(group));
  const count = group.cases.filter((row) => rule?.covers(row) !== true).length;
  return count === 0 ? [] : [{ group: group.name, count, because: reasonFor(shortName(group)) }];
};

const idOf = (row: unknown, index: number): string =>
  typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : `case ${index + 1}`;

/** A module that throws has failed the case, not the suite. */
const tried = (breach: () => string | null): string | null => {
  try {
    return breach();
  } catch (error) {
    return String(error);
  }
};
