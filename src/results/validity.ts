/**
 * When a run says nothing at all. The CLI then exits with 97 and says why, but the results are written all the same: a
 * report of what went wrong is worth more than none.
 */
import { lagWarnings } from './lag.ts';
import type { Results } from './results.ts';

/** One sentence, or null when every contender completed requests in some run, and no driver was late. */
export const invalidReason = (results: Pick<Results, 'contenders' | 'lag'>): string | null =>
  nothingDone(results) ?? lagWarnings(results.lag ?? [])[0] ?? null;

const nothingDone = (results: Pick<Results, 'contenders'>): string | null => {
  const idle = results.contenders.find(
    ({ runs }) => !runs.some(({ metrics }) => (metrics.completed ?? 0) > 0),
  );
  if (idle === undefined) return null;
  if (idle.runs.length === 0) return 'No run was finished.';
  const arrived = idle.runs.some(({ metrics }) => (metrics.arrived ?? 0) > 0);
  return arrived
    ? `No request was completed with “${idle.name}”.`
    : 'No request arrived between the warm-up and the end of the run.';
};
