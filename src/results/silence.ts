/**
 * Silence in a closed loop: time that clients spend waiting for calls that never get an answer. They ask nothing else
 * meanwhile, so an outage of half a run shows as a handful of failures among thousands of good answers from before it:
 * neither the error rate nor any latency tells of it.
 */
import { formatUnit } from '../core/format.ts';
import { quoted } from './answer/words.ts';
import type { ContenderResults } from './results.ts';
import { mean } from './statistics.ts';

/** Of one run, shares 0..1 of its measured time. */
export interface Silence {
  /** The mean client waited in vain. */
  readonly ofOne: number;
  /** All clients did, at once. */
  readonly ofAll: number;
}

/** More than this is told, and where it is of all clients errors and latencies cannot be vouched for. */
const TOLERATED = 0.1;

export const isSilent = (runs: readonly Silence[]): boolean => ofAll(runs) > TOLERATED;

/** A sentence for each contender whose clients waited in vain; `silences` by contender and run. */
export const silenceWarnings = (
  contenders: readonly Pick<ContenderResults, 'name'>[],
  silences: readonly (readonly Silence[])[],
): string[] =>
  contenders.flatMap(({ name }, index) => {
    const runs = silences[index] ?? [];
    const [one, all] = [ofOne(runs), ofAll(runs)];
    const waited = 'waited for calls that were never answered, and asked nothing meanwhile';
    if (all > TOLERATED)
      return [
        `Silence: for ${share(all)} of the measured time all clients of ${quoted(name)} ${waited}. The error rate and the latencies of a closed loop hide that; measure with --rate.`,
      ];
    if (one > TOLERATED)
      return [
        `The clients of ${quoted(name)} ${waited}, for ${share(one)} of their time: a closed loop makes fewer calls then, and fewer of them fail; measure with --rate.`,
      ];
    return [];
  });

const ofAll = (runs: readonly Silence[]): number => average(runs.map((run) => run.ofAll));
const ofOne = (runs: readonly Silence[]): number => average(runs.map((run) => run.ofOne));

const average = (values: readonly number[]): number => (values.length === 0 ? 0 : mean(values));

const share = (value: number): string => formatUnit('share', Number(value.toPrecision(2)));
