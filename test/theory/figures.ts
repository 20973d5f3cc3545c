/**
 * What one replication yields, under the names the references use, in their unit of time. Wherever the project has a
 * metric for it, the figure is that metric: it is the published number that has to be right.
 */
import { Histogram } from '../../src/core/histogram.ts';
import { UNIT } from './laws.ts';
import type { Observation } from './observe.ts';
import type { System } from './system.ts';

export type Figures = Readonly<Record<string, number>>;

/** The figures of a system in its steady state; `names` tells which percentiles are asked for. */
export const steadyFigures = (
  system: System,
  { record, world, measuredMs }: Observation,
  names: readonly string[],
): Figures => {
  const { metrics } = record;
  const arrived = metrics.arrived!;
  const waits = world.waits.count;
  const busy = metrics.utilisation! * (system.slots ?? 1) * (system.servers ?? 1);
  const meanNumber = world.presentArea / measuredMs;
  const meanWait = (metrics.waitMsMean ?? NaN) / UNIT;
  const meanSojourn = (metrics.latencyMsMean ?? NaN) / UNIT;
  const pWait = 1 - world.unwaited / arrived;
  return {
    arrived,
    meanSojourn,
    meanSojournAccepted: meanSojourn,
    meanWait,
    meanWaitAccepted: meanWait,
    meanSquareWait: world.waitedSquares / waits / UNIT ** 2,
    pWait,
    sigma: pWait,
    meanNumber,
    meanQueueLength: meanNumber - busy,
    meanOrbit: meanNumber - busy,
    pEmpty: world.emptyMs / measuredMs,
    utilisation: metrics.utilisation!,
    carried: busy,
    pBlock: metrics.errorRate!,
    pAbandon: metrics.errorRate!,
    finalFailure: metrics.errorRate!,
    goodput: (metrics.goodputRps! * UNIT) / 1000,
    meanAttempts: metrics.attempts! / arrived,
    ...percentiles('sojourn', Histogram.of(record.latency), names),
    ...percentiles('wait', world.waits, names),
  };
};

/** `sojournP99.9` -> 0.999; null for a name that is no percentile. */
export const percentileOf = (name: string): number | null => {
  const written = /P([\d.]+)$/.exec(name)?.[1];
  return written === undefined ? null : Number(written) / 100;
};

const percentiles = (of: string, histogram: Histogram, names: readonly string[]): Figures =>
  Object.fromEntries(
    names
      .filter((name) => name.startsWith(`${of}P`))
      .map((name) => [name, histogram.quantile(percentileOf(name)!) / UNIT]),
  );
