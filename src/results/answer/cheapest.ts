/**
 * When contenders hold unlike numbers of servers and there are objectives, the question behind the question is who meets
 * them for the least: an answer that names only the fastest would always name the largest fleet.
 */
import { formatMetric } from '../../core/format.ts';
import type { ContenderResults } from '../results.ts';
import { quoted } from './words.ts';

/** Costs nearer to each other than this are the same cost. */
const SAME_COST = 0.01;

/** One clause, or none when cost or objectives do not tell the contenders apart. */
export const cheapest = (contenders: readonly ContenderResults[]): string[] => {
  const judged = contenders.filter(({ slo, stable }) => slo.length > 0 && stable);
  const costs = judged.map(costOf);
  if (judged.length < 2 || Math.max(...costs) <= Math.min(...costs) * (1 + SAME_COST)) return [];
  const [least] = judged
    .filter(({ slo }) => slo.every(({ met }) => met))
    .toSorted((a, b) => costOf(a) - costOf(b));
  return least === undefined
    ? ['no contender meets all objectives']
    : [
        `the cheapest that meets all objectives is ${quoted(least.name)} at ${formatMetric('serverSeconds', costOf(least))} of servers`,
      ];
};

const costOf = ({ metrics }: ContenderResults): number => metrics.serverSeconds?.mean ?? 0;
