/**
 * Does the backlog grow? Looked at as requests in flight over the rate of arrivals (Little: a sojourn), so that load
 * which merely rises, as through a day, is no growth. In an overloaded fleet that sojourn grows by 1 - 1/load for each
 * unit of time, the share of arrivals that stay, whenever one begins to look. Unstable: from the first to the last
 * quarter of the measured time more than a hundredth stayed, it is still growing at its end, and the excess is more than
 * chance would leave.
 */
import type { Millis } from '../core/units.ts';
import type { RunRecord } from './results.ts';

/** Share of arrivals that stay. */
const GROWTH = 0.01;
/** Growth of the last eighth, as a share of what is usual for an eighth. */
const STILL_GROWING = 0.5;
const LEAST_EXCESS = 20;
/** Of the mean rate of arrivals: a quarter with hardly any has the backlog of those before it. */
const LEAST_RATE = 0.1;

export const isStable = (series: RunRecord['series'], warmup: Millis): boolean => {
  const inFlight = series.values.inFlight ?? [];
  const rates = series.values.arrivalsRps ?? [];
  const measured = series.at.flatMap((at, k) => (at >= warmup ? [k] : []));
  const mean = (from: number, to: number, values: readonly (number | null)[]): number => {
    const part = measured.slice(
      Math.floor(from * measured.length),
      Math.floor(to * measured.length),
    );
    return part.reduce((sum, k) => sum + (values[k] ?? 0), 0) / Math.max(1, part.length);
  };
  const usualRate = mean(0, 1, rates);
  if (usualRate === 0) return true;
  const sojournMs = (from: number, to: number, rate: number) =>
    (1000 * mean(from, to, inFlight)) / Math.max(rate, LEAST_RATE * usualRate);
  const lastRate = mean(0.75, 1, rates);
  const grewMs = sojournMs(0.75, 1, lastRate) - sojournMs(0, 0.25, mean(0, 0.25, rates));
  const lookedAtMs = 0.75 * (series.at[measured.at(-1)!]! - series.at[measured[0]!]!);
  const atItsEndMs = sojournMs(0.875, 1, lastRate) - sojournMs(0.75, 0.875, lastRate);
  const before = mean(0, 0.25, inFlight);
  const excess = mean(0.75, 1, inFlight) - before;
  return !(
    grewMs > GROWTH * lookedAtMs &&
    // Of the six eighths between the middles of the two quarters.
    atItsEndMs > (STILL_GROWING * grewMs) / 6 &&
    excess > LEAST_EXCESS + 4 * Math.sqrt(before)
  );
};
