/**
 * When requests (or sessions) arrive. A stream is a function of the seed: every contender meets the same arrivals, and
 * the k-th gap is drawn by its number k.
 *
 * Most kinds are one idea: gaps of mean 1 (constant, exponential or gamma), added up, and read off a rate curve's
 * integral. Bursts draw their curve as they go, and traces bring their own arrivals. A gamma process starts with a whole
 * gap, bursts in their first state; what that does to the mean fades with the warm-up.
 */
import { sampler, type Distribution } from '../core/distributions.ts';
import { invariant } from '../core/invariant.ts';
import { Draws } from '../core/rng.ts';
import { toMicros, type Millis } from '../core/units.ts';
import type { ArrivalStream } from './arrivals/arrival-stream.ts';
import { burstStream, meanRateOf } from './arrivals/bursts.ts';
import { countStream, countsUntil } from './arrivals/counts.ts';
import { ramp, steady, steps, type RateCurve } from './arrivals/rate-curve.ts';
import { sine } from './arrivals/sine.ts';
import { timestampStream, timestampsUntil } from './arrivals/timestamps.ts';
import type { Arrivals, Inputs } from './scenario.ts';

export type { ArrivalStream } from './arrivals/arrival-stream.ts';

type Trace = Extract<Arrivals, { kind: 'trace' }>;
type Gap = (k: number) => number;

export const arrivalStream = (arrivals: Arrivals, inputs: Inputs, seed: number): ArrivalStream => {
  if (arrivals.kind === 'trace') return replayed(arrivals, traceOf(arrivals, inputs), seed);
  const gap = gapsOf(arrivals, seed);
  if (arrivals.kind === 'bursts') return burstStream(arrivals.states, gap, seed);
  return alongCurve(curveOf(arrivals), gap);
};

/**
 * Arrivals to expect in [0, duration]. Exact, but for the start of gamma and bursts, whose long-run rate it takes, and for
 * the shifts of a trace's copies.
 */
export const expectedArrivals = (arrivals: Arrivals, inputs: Inputs, duration: Millis): number => {
  if (arrivals.kind === 'bursts') return (meanRateOf(arrivals.states) * duration) / 1000;
  if (arrivals.kind !== 'trace') return curveOf(arrivals).expected(duration);
  const numbers = traceOf(arrivals, inputs);
  const recorded =
    arrivals.counts === null
      ? timestampsUntil(numbers, duration)
      : countsUntil(numbers, arrivals.counts, duration);
  return recorded * arrivals.scale;
};

const alongCurve = (curve: RateCurve, gap: Gap): ArrivalStream => {
  let arrival = 0;
  let passed = 0;
  let last = 0;
  return {
    next: () => {
      passed += gap(arrival++);
      // A root that is found by iteration must not turn two arrivals round.
      last = Math.max(last, toMicros(curve.reach(passed)));
      return last;
    },
  };
};

const replayed = (trace: Trace, numbers: Float64Array, seed: number): ArrivalStream =>
  trace.counts === null
    ? timestampStream(numbers, trace.scale, seed)
    : countStream(numbers, trace.counts, trace.scale, seed);

const curveOf = (arrivals: Exclude<Arrivals, { kind: 'bursts' | 'trace' }>): RateCurve => {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
    case 'gamma':
      return steady(arrivals.rate);
    case 'ramp':
      return ramp(arrivals.from, arrivals.to, arrivals.over);
    case 'steps':
      return steps(arrivals.steps);
    case 'sine':
      return sine(arrivals);
  }
};

/** Gaps of mean 1, by number. */
const gapsOf = (arrivals: Arrivals, seed: number): Gap => {
  const draws = new Draws(seed, 'arrivals');
  const gap = sampler(gapLawOf(arrivals), {});
  return (k) => gap(draws.uniform(k));
};

const gapLawOf = (arrivals: Arrivals): Distribution => {
  if (arrivals.kind === 'constant') return { kind: 'constant', value: 1 };
  if (arrivals.kind === 'gamma') return { kind: 'gamma', mean: 1, cv: arrivals.cv };
  return { kind: 'exponential', mean: 1 };
};

const traceOf = ({ file }: Trace, inputs: Inputs): Float64Array => {
  const numbers = inputs[file];
  invariant(numbers !== undefined, `no trace was read from ${file}`);
  return numbers;
};
