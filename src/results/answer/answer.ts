/**
 * The answer to the scenario's question in one sentence, from the judged metrics alone. It never says more than the
 * verdicts do, and when they say nothing it says what would make them speak.
 */
import type { Results } from '../results.ts';
import { fieldAnswer } from './field.ts';
import { pairAnswer } from './pair.ts';
import { singleAnswer } from './single.ts';

export const answerOf = (
  results: Pick<Results, 'scenario' | 'contenders' | 'comparisons' | 'independent'>,
): string => {
  const { scenario, contenders, comparisons } = results;
  const [baseline, contender] = contenders;
  if (baseline === undefined || baseline.runs.length === 0) return 'No run was finished.';
  if (contender === undefined) return singleAnswer(baseline, scenario.judge);
  if (contenders.length > 2 || scenario.matrix !== null) return sentence(fieldAnswer(results));
  const judged = comparisons.filter((row) => row.judged);
  return pairAnswer(baseline, contender, judged, scenario.margin);
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
