/**
 * The fewest and the most servers that an autoscaler can want, whatever the load: its own `min` and `max`, or those of
 * the one that it raises, and the windows of a schedule. Read from options, since nothing else of a policy can be asked.
 */
import type { Millis } from '../../core/units.ts';
import { floorAt, type Window } from './schedule.ts';
import type { Under } from './under.ts';

export interface Reach {
  /** At the first decision. */
  readonly atStart: number;
  /** At the quietest time. */
  readonly min: number;
  /** Infinity when nothing says. */
  readonly max: number;
}

interface Known {
  readonly min?: number;
  readonly max?: number | null;
  readonly under?: Under;
  readonly windows?: readonly Window[];
  readonly repeat?: Millis | null;
}

/** Null for options that bound nothing, as of `none`. */
export const reachOf = (options: object): Reach | null => {
  const { min, max, under, windows = [], repeat = null }: Known = options;
  if (under === undefined) {
    return min === undefined ? null : { atStart: min, min, max: max ?? Infinity };
  }
  const raised = reachOf(under.options);
  if (raised === null) return null;
  const floor = (now: Millis): number => Math.min(floorAt(now, windows, repeat), raised.max);
  const edges = windows.flatMap(({ from, to }) => [from, to ?? 0]);
  const quietest = Math.min(
    ...[0, ...edges].filter((at) => repeat === null || at < repeat).map(floor),
  );
  return {
    atStart: Math.max(raised.atStart, floor(0)),
    min: Math.max(raised.min, quietest),
    max: raised.max,
  };
};
