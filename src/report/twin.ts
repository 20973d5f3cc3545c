/**
 * Live against simulated, as the page, the terminal and Markdown all tell it: who has a twin, and a metric's figure in
 * either world with how far the simulator is off, relative to the live one, or in points where it is a share.
 */
import { formatDifference, formatMetric, formatRelative } from '../core/format.ts';
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { TwinError, TwinRow } from '../results/results.ts';
import type { Member } from './cast.ts';

export interface Pair {
  readonly member: Member;
  readonly twin: TwinRow;
}

/** One metric in both worlds, as text. */
export interface TwinFigures {
  readonly live: string;
  readonly simulated: string;
  readonly offBy: string;
}

export const TWIN_TITLE = 'Live against simulated';
export const OFF_BY = '(simulated - live) / live; shares in points';
export const TWIN_NOTE =
  'The same seeds in the simulator: the same requests at the same instants with the same work and the same faults. Means over seeds.';

/** Under a table whose heads cannot say it. */
export const TWIN_LEGEND = `Off by: ${OFF_BY}. ${TWIN_NOTE}`;

/** What terminal and Markdown tell; the page has them all. */
export const BRIEF_METRICS: readonly MetricName[] = [
  'latencyMsP50',
  'latencyMsP90',
  'latencyMsP99',
  'errorRate',
];

/** In the order of `members`; whoever has no twin is left out. */
export const pairsOf = (
  members: readonly Member[],
  rows: readonly TwinRow[] = [],
): readonly Pair[] =>
  members.flatMap((member) => {
    const twin = rows.find(({ contender }) => contender === member.contender.name);
    return twin === undefined ? [] : [{ member, twin }];
  });

/** The same, with the brief metrics alone; whoever has none of them is left out. */
export const briefPairsOf = (
  members: readonly Member[],
  rows: readonly TwinRow[] | undefined,
): readonly Pair[] =>
  pairsOf(members, rows).flatMap(({ member, twin }) => {
    const errors = twin.errors.filter(({ metric }) => BRIEF_METRICS.includes(metric));
    return errors.length === 0 ? [] : [{ member, twin: { ...twin, errors } }];
  });

export const figuresOf = ({ metric, live, sim, error }: TwinError): TwinFigures => ({
  live: formatMetric(metric, live),
  simulated: formatMetric(metric, sim),
  offBy: METRICS[metric].unit === 'share' ? formatDifference(metric, error) : formatRelative(error),
});
