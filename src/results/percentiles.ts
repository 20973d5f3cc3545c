/**
 * Latency by quantile, each point an estimate over runs of that run's own quantile (never a percentile of windows or of
 * percentiles). The grid is even on the axis on which tails are read, -log10(1 - q): six points a decade. It ends where
 * fewer than ten requests a run lie beyond, because further out a quantile is a lottery.
 */
import { Histogram } from '../core/histogram.ts';
import type { PercentilePoint } from './results.ts';
import { tInterval } from './statistics.ts';

const PER_DECADE = [1, 0.75, 0.5, 0.35, 0.25, 0.15];
const DECADES = 7;
const FEWEST_BEYOND = 10;

/** Shares of requests that lie beyond each point: 0.9, 0.75, 0.5 ... 0.1, 0.075 ... 1.5e-7; holds p50 p90 p95 p99 p99.9. */
export const TAIL_GRID: readonly number[] = [
  0.9,
  ...Array.from({ length: DECADES }, (_, decade) =>
    PER_DECADE.map((share) => Number((share * 10 ** -decade).toPrecision(4))),
  ).flat(),
].filter((beyond) => beyond < 1);

/** `latencies`: the histogram counts of each run; empty when a run has too few requests for any point. */
export const latencyPercentiles = (latencies: readonly Uint32Array[]): PercentilePoint[] => {
  const histograms = latencies.map((counts) => Histogram.of(counts));
  const fewest = Math.min(...histograms.map(({ count }) => count));
  if (histograms.length === 0) return [];
  return TAIL_GRID.filter((beyond) => beyond * fewest >= FEWEST_BEYOND - 1e-6).map((beyond) => {
    const q = Number((1 - beyond).toFixed(9));
    return { q, ...tInterval(histograms.map((histogram) => histogram.quantile(q))) };
  });
};
