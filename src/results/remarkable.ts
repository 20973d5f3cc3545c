/**
 * Which servers a reader should look at, when there are hundreds: those that differ from the middle of their fleet. The
 * score adds up distances from the contender's median, each in a unit that an operator would notice: 10 points of error
 * rate, 20 points of utilisation, one ejection, one opening of the breaker. The median rather than the mean, so that one
 * odd server does not make the others look odd; fixed units rather than deviations, which are 0 in a calm fleet.
 */
import type { ServerRow } from './results.ts';
import { median } from './statistics.ts';

type Unscored = Omit<ServerRow, 'remarkable'>;

/** How large a distance counts 1. */
const NOTICEABLE = { errorRate: 0.1, utilisation: 0.2, ejections: 1, breakerOpens: 1 } as const;

/** One score a server, at least 0; 0 for a server just like the median. */
export const remarkableScores = (servers: readonly Unscored[]): number[] => {
  const scores = servers.map(() => 0);
  for (const feature of Object.keys(NOTICEABLE) as (keyof typeof NOTICEABLE)[]) {
    const known = servers.flatMap((server): number[] => {
      const value = server[feature];
      return value === null ? [] : [value];
    });
    const middle = median(known);
    servers.forEach((server, index) => {
      const distance = Math.abs((server[feature] ?? middle) - middle);
      scores[index] = (scores[index] ?? 0) + distance / NOTICEABLE[feature];
    });
  }
  return scores;
};
