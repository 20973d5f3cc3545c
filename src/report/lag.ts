/** The driver's own lateness in a sentence: what a reader of live figures wants to know first. */
import { formatMetric } from '../core/format.ts';
import type { Results } from '../results/results.ts';

/** Null when there was no driver: in a simulated run. Figures are those of the worst run of any contender. */
export const lagSentence = ({ lag = [] }: Results): string | null => {
  if (lag.length === 0) return null;
  const worst = (figure: (row: (typeof lag)[number]) => number): string =>
    formatMetric('latencyMsP99', Math.max(...lag.map(figure)));
  return `driver late by p50 ${worst(({ p50 }) => p50)}, p99 ${worst(({ p99 }) => p99)}, max ${worst(({ max }) => max)}`;
};
