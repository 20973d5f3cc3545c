/**
 * Faults as a timeline: `every`, `for` and `flap` spelled out into instants at which a fault begins or ends, the same
 * for the simulated and the live world. A flap begins down, since the fault is the falling over: on = down.
 * Nothing is said at or after `duration`: a fault that holds then goes on holding while the last requests are followed.
 */
import type { Millis } from '../core/units.ts';
import type { Fault } from './scenario.ts';

export interface FaultChange {
  readonly at: Millis;
  /** Index into the setup's faults. */
  readonly fault: number;
  readonly on: boolean;
}

/** Changes by time; at the same instant ends come before beginnings, then the file's order. */
export const faultTimeline = (faults: readonly Fault[], duration: Millis): readonly FaultChange[] =>
  faults
    .flatMap((fault, index) =>
      spansOf(fault, duration).flatMap(([from, to]): FaultChange[] => [
        { at: from, fault: index, on: true },
        { at: to, fault: index, on: false },
      ]),
    )
    .filter(({ at }) => at < duration)
    .sort((a, b) => a.at - b.at || Number(a.on) - Number(b.on) || a.fault - b.fault);

/** About how many changes the timeline of a fault has, without spelling them out. */
export const changesOf = ({ at, for: length, every, effect }: Fault, duration: Millis): number => {
  const repeats = every === null ? 1 : Math.ceil((duration - at) / every);
  const span = Math.min(length ?? Infinity, duration - at);
  const flaps = effect.kind === 'flap' ? Math.ceil(span / (effect.up + effect.down)) : 1;
  return 2 * repeats * flaps;
};

type Span = readonly [from: Millis, to: Millis];

const spansOf = (fault: Fault, duration: Millis): readonly Span[] => {
  const spans: Span[] = [];
  const step = fault.every ?? Infinity;
  for (let from = fault.at, n = 1; from < duration; from = fault.at + n++ * step) {
    spans.push(...downIn(fault, from, from + (fault.for ?? Infinity), duration));
  }
  return spans;
};

/** The parts of a span in which the fault holds: all of it, but for a flap. */
const downIn = ({ effect }: Fault, from: Millis, to: Millis, duration: Millis): readonly Span[] => {
  if (effect.kind !== 'flap') return [[from, to]];
  const spans: Span[] = [];
  const cycle = effect.down + effect.up;
  const end = Math.min(to, duration);
  for (let n = 0, down = from; down < end; down = from + ++n * cycle) {
    spans.push([down, Math.min(down + effect.down, to)]);
  }
  return spans;
};
