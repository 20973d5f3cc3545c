/**
 * Intervals in charts: when they are drawn, and how far. Two seeds give a t interval thirteen times as wide as they
 * lie apart, which says only that two are too few and hides what there is to see; so a band needs three. Of a band that
 * reaches far beyond the means the axis shows the near part, and the caption says that it is cut.
 */
import type { ContenderResults } from '../../results/results.ts';

const FEWEST_SEEDS = 3;

export interface Interval {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

export const hasBand = ({ runs }: Pick<ContenderResults, 'runs'>): boolean =>
  runs.length >= FEWEST_SEEDS;

/**
 * What the bands (or bars) of a chart are, or why there are none; begins with a space. `cut`: some reach beyond the
 * axis.
 */
export const bandNote = (
  what: 'Bands' | 'Bars',
  contenders: readonly Pick<ContenderResults, 'runs'>[],
  cut: boolean,
): string => {
  const seeds = Math.max(0, ...contenders.map(({ runs }) => runs.length));
  if (contenders.some(hasBand))
    return ` ${what} are 95 % intervals over seeds${cut ? ', cut where they reach beyond the chart' : ''}.`;
  return ` ${what} are left out: ${seeds === 1 ? 'one seed gives none' : `${seeds} seeds are too few for them`}.`;
};

/** From `low` to `high`, in the unit of the intervals. `cut`: some interval reaches beyond. */
export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly cut: boolean;
}

/**
 * All of the means, and of the intervals what lies within so much of them: `span` times the distance between the least
 * and the largest mean, or `share` of the largest, whichever is more.
 */
export const extentOf = (
  intervals: readonly Interval[],
  { span = 0, share }: { readonly span?: number; readonly share: number },
): Extent => {
  const means = intervals.map(({ mean }) => mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const room = Math.max(span * (most - least), share * Math.abs(most));
  return within(intervals, least - room, most + room);
};

/** The same for a logarithmic axis: within so many times of the means. */
export const logExtentOf = (intervals: readonly Interval[], times: number): Extent => {
  const means = intervals.map(({ mean }) => mean);
  return within(intervals, Math.min(...means) / times, Math.max(...means) * times);
};

const within = (intervals: readonly Interval[], least: number, most: number): Extent => {
  const low = Math.min(...intervals.map(({ mean, low: end }) => end ?? mean));
  const high = Math.max(...intervals.map(({ mean, high: end }) => end ?? mean));
  return { low: Math.max(low, least), high: Math.min(high, most), cut: low < least || high > most };
};
