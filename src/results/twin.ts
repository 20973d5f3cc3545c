/**
 * How well the simulator foretold a live run of the same seeds, hence of the same demand request by request: latency
 * percentiles as relative errors, shares as differences in points.
 */
import { METRICS, type MetricName } from '../core/metrics.ts';
import type { ContenderResults, TwinError, TwinRow } from './results.ts';

const COMPARED: readonly MetricName[] = [
  'latencyMsP50',
  'latencyMsP90',
  'latencyMsP99',
  'latencyMsMean',
  'errorRate',
  'goodputRps',
  'attempts',
];

/** By contender, in the order of `live`. */
export const twinRows = (
  live: readonly ContenderResults[],
  sim: readonly ContenderResults[],
): TwinRow[] =>
  live.flatMap(({ name, metrics }) => {
    const twin = sim.find((contender) => contender.name === name);
    if (twin === undefined) return [];
    const errors = COMPARED.flatMap((metric): TwinError[] => {
      const [measured, foretold] = [metrics[metric]?.mean, twin.metrics[metric]?.mean];
      if (measured === undefined || foretold === undefined) return [];
      return [
        { metric, live: measured, sim: foretold, error: errorOf(metric, measured, foretold) },
      ];
    });
    return { contender: name, percentiles: twin.percentiles, errors };
  });

const errorOf = (metric: MetricName, live: number, sim: number): number | null => {
  if (METRICS[metric].unit === 'share') return sim - live;
  return live === 0 ? null : (sim - live) / live;
};
