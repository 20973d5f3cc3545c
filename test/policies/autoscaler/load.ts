/** A load for an autoscaler, calm unless said otherwise, and the servers of one. */
import { emptyReport } from '../../../src/core/load-report.ts';
import type { Load, ServerLoad } from '../../../src/policies/autoscaler/autoscaler.ts';

export const load = (change: Partial<Load> = {}): Load => ({
  servers: 5,
  ready: 5,
  latencyMsMean: 500,
  requestsPerSecond: 100,
  errorRate: 0,
  active: 100,
  concurrencyMean: 100,
  waiting: 0,
  queued: 0,
  members: [],
  ...change,
});

/** A ready server that has been up since the start and has never reported. */
export const server = (id: number, change: Partial<ServerLoad> = {}): ServerLoad => ({
  id,
  phase: 'ready',
  healthy: true,
  startedAt: 0,
  readyAt: 0,
  inFlight: 0,
  report: null,
  reportedAt: -Infinity,
  previous: null,
  previousAt: -Infinity,
  ...change,
});

/** What a server says that had these totals. */
export const report = (change: Partial<ReturnType<typeof emptyReport>>) => ({
  ...emptyReport(),
  slots: 10,
  ...change,
});
