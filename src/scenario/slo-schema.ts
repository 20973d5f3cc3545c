/** How objectives are written, `slo: { latency: { p99: 500ms }, errors: 1% }`, and which metric each of them limits. */
import { z } from 'zod';
import type { MetricName } from '../core/metrics.ts';
import { zCount, zDuration, zRate, zShare } from '../core/units.ts';
import { MAIN_KEY } from './explain.ts';
import type { SloLimit } from './scenario.ts';

const LATENCY = {
  mean: 'latencyMsMean',
  p50: 'latencyMsP50',
  p90: 'latencyMsP90',
  p95: 'latencyMsP95',
  p99: 'latencyMsP99',
  p999: 'latencyMsP999',
  max: 'latencyMsMax',
} as const satisfies Record<string, MetricName>;

const WAIT = { mean: 'waitMsMean', p99: 'waitMsP99' } as const satisfies Record<string, MetricName>;

const PLAIN = {
  errors: 'errorRate',
  toolErrors: 'toolErrorRate',
  goodput: 'goodputRps',
  timeouts: 'timeouts',
  rejected: 'rejected',
  sessionsLost: 'sessionsLost',
  detection: 'detectionMsMean',
  serverSeconds: 'serverSeconds',
} as const satisfies Record<string, MetricName>;

const limit = () => zDuration().optional();

export const zSlo = z
  .strictObject({
    latency: z
      .strictObject({
        mean: limit(),
        p50: limit(),
        p90: limit(),
        p95: limit(),
        p99: limit(),
        p999: limit(),
        max: limit(),
      })
      .register(MAIN_KEY, { mainKey: 'p99' })
      .optional()
      .describe('of completed requests, at most'),
    wait: z.strictObject({ mean: limit(), p99: limit() }).optional().describe("in servers' queues"),
    errors: zShare().optional().describe('share of requests that fail, at most'),
    toolErrors: zShare().optional().describe('share of requests with a tool error, at most'),
    goodput: zRate().optional().describe('requests answered ok, at least'),
    timeouts: zCount().optional().describe('attempts that met their deadline, at most'),
    rejected: zCount().optional().describe('attempts answered 503 or not sent, at most'),
    sessionsLost: zCount().optional().describe('at most'),
    detection: limit().describe('mean time from a fault to the ejection, at most'),
    serverSeconds: zCount().optional().describe('at most'),
  })
  .describe('objectives: met when the mean over runs keeps within the limit')
  .transform(({ latency = {}, wait = {}, ...plain }): readonly SloLimit[] => [
    ...limits(LATENCY, latency),
    ...limits(WAIT, wait),
    ...limits(PLAIN, plain),
  ]);

const limits = <Key extends string>(
  metrics: Readonly<Record<Key, MetricName>>,
  written: { readonly [key in Key]?: number | undefined },
): readonly SloLimit[] =>
  (Object.keys(metrics) as Key[]).flatMap((key) => {
    const limit = written[key];
    return limit === undefined ? [] : [{ metric: metrics[key], limit }];
  });
