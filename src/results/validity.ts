/**
 * When a run says nothing at all. The CLI then exits with 97 and says why, but the results are written all the same: a
 * report of what went wrong is worth more than none.
 */
import { lagWarnings } from './lag.ts';
import type { Results, Run } from './results.ts';

/**
 * One sentence, or null when some contender completed requests in some run, and no driver was late. That others completed
 * none is a result: it is what overload looks like that a policy keeps going.
 */
export const invalidReason = (results: Pick<Results, 'contenders' | 'lag'>): string | null =>
  nothingDone(results) ?? lagWarnings(results.lag ?? [])[0] ?? null;

const INVALID = 'This run is invalid: ';

/** The answer of an invalid run says so first; any other is left as it is, and so is one that says so already. */
export const qualified = (answer: string, results: Pick<Results, 'contenders' | 'lag'>): string => {
  const reason = invalidReason(results);
  if (reason === null || reason === answer || answer.startsWith(INVALID)) return answer;
  const why = reason.charAt(0).toLowerCase() + reason.slice(1);
  return `${INVALID}${why} Its figures, for what they are worth: ${answer}`;
};

const nothingDone = ({ contenders }: Pick<Results, 'contenders'>): string | null => {
  const runs = contenders.flatMap((contender) => contender.runs);
  if (runs.length === 0) return 'No run was finished.';
  if (hadAny(runs, 'completed')) return null;
  if (!hadAny(runs, 'arrived'))
    return 'No request arrived between the warm-up and the end of the run.';
  return contenders.length === 1
    ? 'No request was completed.'
    : 'No request was completed with any contender.';
};

/** Did requests do that in any of the runs? */
export const hadAny = (runs: readonly Run[], metric: 'arrived' | 'completed'): boolean =>
  runs.some(({ metrics }) => (metrics[metric] ?? 0) > 0);
