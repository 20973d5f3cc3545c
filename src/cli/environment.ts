/** Where, by what and when the runs of a results file were made: the one part of it that differs from run to run. */
import type { Environment } from '../results/results.ts';
import { VERSION } from './version.ts';

/** Called when the runs begin; the function returned, when they are done. */
export const watchEnvironment = (workers = 1): (() => Environment) => {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  return () => ({
    windtunnel: VERSION,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    workers,
    startedAt,
    tookMs: Math.round(performance.now() - began),
  });
};
