/** Puts every case to the policy it is about, and tells the outcome as lines. Each case counts as one. */
import type { ConformanceCase } from './cases.ts';
import { CHECKS, NOT_APPLICABLE } from './checks.ts';
import { whyNot } from './reasons.ts';

export interface Outcome {
  readonly of: ConformanceCase;
  readonly kind: 'passed' | 'failed' | 'not implemented';
  /** What differs, or why it is not implemented; empty when it passed. */
  readonly because: string;
}

export const outcomeOf = (of: ConformanceCase): Outcome => {
  const check = CHECKS[of.group];
  const absent: Outcome = { of, kind: 'not implemented', because: whyNot(of.file, of.group) };
  if (check === undefined) return absent;
  try {
    const verdict = check(of.row);
    if (verdict === NOT_APPLICABLE) return absent;
    return { of, kind: verdict === null ? 'passed' : 'failed', because: verdict ?? '' };
  } catch (error) {
    return { of, kind: 'failed', because: error instanceof Error ? error.message : String(error) };
  }
};

/** One line a group, one more for each failure, and the totals last. */
export const linesOf = (outcomes: readonly Outcome[]): string[] => {
  const names = new Set(outcomes.map(nameOf));
  const lines = [...names].flatMap((name) =>
    groupLines(
      name,
      outcomes.filter((outcome) => nameOf(outcome) === name),
    ),
  );
  return [...lines, '', tally(outcomes)];
};

const nameOf = ({ of }: Outcome): string => `${of.file}/${of.group}`;

const groupLines = (name: string, members: readonly Outcome[]): string[] => {
  const absent = members.find(({ kind }) => kind === 'not implemented');
  const failures = members.filter(({ kind }) => kind === 'failed');
  return [
    `${name}: ${tally(members)}${absent === undefined ? '' : ` (${absent.because})`}`,
    ...failures.map(({ of, because }) => `  FAILED ${of.id}: ${because}`),
  ];
};

export const tally = (outcomes: readonly Outcome[]): string =>
  (['passed', 'failed', 'not implemented'] as const)
    .map((kind) => `${outcomes.filter((outcome) => outcome.kind === kind).length} ${kind}`)
    .join(', ');
