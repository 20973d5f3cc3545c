/**
 * A rule puts the cases of one group to the real module. `shape` says what a case must hold, so that a row with a
 * missing or misspelt expectation fails instead of passing unseen.
 */
import type { z } from 'zod';

export interface Rule {
  /** Does the rule speak of this row of its group? Rows it does not speak of are not implemented. */
  covers(row: unknown): boolean;
  /** What is wrong, or null. */
  breach(row: unknown): string | null;
}

/** A rule from a row's schema and a check of a row that fits it. */
export const ruleOf = <Row>(
  shape: z.ZodType<Row>,
  check: (row: Row) => string | null,
  covers: Rule['covers'] = () => true,
): Rule => ({
  covers,
  breach: (row) => {
    const read = shape.safeParse(row);
    if (read.success) return check(read.data);
    const [issue] = read.error.issues;
    return `not a case of this group: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  },
});

/** A rule for each shape of row, told apart by keys that only it has: `timeline`, or several as `size+calls`. */
export const byShape = (rules: Readonly<Record<string, Rule>>): Rule => {
  const of = (row: unknown): Rule | undefined => {
    const isLike = ([keys]: readonly [string, Rule]): boolean =>
      typeof row === 'object' && row !== null && keys.split('+').every((key) => key in row);
    return Object.entries(rules).find(isLike)?.[1];
  };
  return {
    covers: (row) => of(row)?.covers(row) === true,
    breach: (row) => of(row)?.breach(row) ?? null,
  };
};

/** What a row says of itself; some say only there which calls they are about. */
export const noteOf = (row: unknown): string =>
  typeof row === 'object' && row !== null && 'note' in row ? String(row.note) : '';
