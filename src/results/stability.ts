/**
 * Does the backlog grow? Looked at as requests in flight over the rate of arrivals (Little: a sojourn), so that load
 * which merely rises, as through a day, is no growth. Unstable: the last quarter of the measured time has half as much
 * again as the second quarter, is still growing at its end, and the excess is more than chance would leave.
 */
import type { Millis } from '../core/units.ts';
import type { RunRecord } from './results.ts';

const GROWTH = 1.5;
const STILL_GROWING = 1.1;
const LEAST_EXCESS = 20;

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
  const sojourn = (from: number, to: number) =>
    mean(from, to, inFlight) / Math.max(mean(from, to, rates), 1e-9);
  const grew = sojourn(0.75, 1) > GROWTH * sojourn(0.25, 0.5);
  const grows = sojourn(0.875, 1) > STILL_GROWING * sojourn(0.75, 0.875);
  const before = mean(0.25, 0.5, inFlight);
  const excess = mean(0.75, 1, inFlight) - before;
  return !(grew && grows && excess > LEAST_EXCESS + 4 * Math.sqrt(before));
};
