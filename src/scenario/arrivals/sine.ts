/**
 * A day in the life: rate(t) = mean + amplitude sin(2 pi (t + phase) / period). `phase` is how far into the wave the run
 * begins, so a quarter of the period begins at the crest and three quarters in the trough.
 * The integral has no closed inverse: Newton's method, kept in a bracket, since the slope is 0 in a trough that touches 0.
 */
import type { Millis } from '../../core/units.ts';
import type { RateCurve } from './rate-curve.ts';

interface Wave {
  /** Rates a second; amplitude at most the mean. */
  readonly mean: number;
  readonly amplitude: number;
  readonly period: Millis;
  readonly phase: Millis;
}

const SECOND = 1000;
/** ms, of 1 us that instants are rounded to. */
const PRECISION = 1e-6;

export const sine = ({ mean, amplitude, period, phase }: Wave): RateCurve => {
  const turn = (2 * Math.PI) / period;
  const [perMs, swing] = [mean / SECOND, amplitude / SECOND];
  const startOfWave = Math.cos(turn * phase);
  const perPeriod = perMs * period;

  const rate = (at: Millis): number => perMs + swing * Math.sin(turn * (at + phase));
  const expected = (at: Millis): number =>
    perMs * at + (swing / turn) * (startOfWave - Math.cos(turn * (at + phase)));

  /** When `arrivals`, fewer than a period's, are expected within the first period. */
  const within = (arrivals: number): Millis => {
    let [low, high] = [0, period];
    let at = arrivals / perMs;
    while (high - low > PRECISION) {
      const excess = expected(at) - arrivals;
      if (excess > 0) high = at;
      else low = at;
      const step = excess / rate(at);
      const next = at - step;
      if (Math.abs(step) < PRECISION) return next;
      at = next > low && next < high ? next : (low + high) / 2;
    }
    return at;
  };

  return {
    expected,
    reach: (arrivals) => {
      if (perPeriod === 0) return Infinity;
      const periods = Math.floor(arrivals / perPeriod);
      return periods * period + within(arrivals - periods * perPeriod);
    },
  };
};
