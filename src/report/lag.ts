/** The driver's own lateness in a sentence: what a reader of live figures wants to know first. */
import { formatMetric } from '../core/format.ts';
import type { Results } from '../results/results.ts';

/** Where the figures come from, and how much of them is the driver's own; null for a simulated run. */
export const measuredSentence = (results: Results): string | null => {
  const lag = lagSentence(results);
  return lag === null ? null : `${ORIGINS[results.mode]}; ${lag}.`;
};

const ORIGINS: Readonly<Record<Results['mode'], string>> = {
  sim: 'Simulated',
  live: 'Live: measured on real processes',
  load: 'Load: measured on a real deployment',
};

/** Null when there was no driver: in a simulated run. Figures are those of the worst run of any contender. */
export const lagSentence = ({ lag = [] }: Results): string | null => {
  if (lag.length === 0) return null;
  const worst = (figure: (row: (typeof lag)[number]) => number): string =>
    formatMetric('latencyMsP99', Math.max(...lag.map(figure)));
  return `driver late by p50 ${worst(({ p50 }) => p50)}, p99 ${worst(({ p99 }) => p99)}, max ${worst(({ max }) => max)}`;
};
