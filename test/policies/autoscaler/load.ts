/** A load for an autoscaler, calm unless said otherwise. */
import type { Load } from '../../../src/policies/autoscaler/autoscaler.ts';

export const load = (change: Partial<Load> = {}): Load => ({
  servers: 5,
  ready: 5,
  latencyMsMean: 500,
  requestsPerSecond: 100,
  errorRate: 0,
  active: 100,
  concurrencyMean: 100,
  waiting: 0,
  members: [],
  queued: 0,
  ...change,
});
