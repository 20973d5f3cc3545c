/**
 * The HPA's options as one writes them: short keys for metrics of which there is one each, a list for more, everything
 * else under the names of the controller's flags and of the API, with their defaults.
 */
import { z } from 'zod';
import { zCount, zDuration, zNumber, zRate, zShare } from '../../../core/units.ts';
import { within } from '../../../core/within.ts';
import { zBehavior } from '../behavior-options.ts';

const amount = () => zNumber({ exclusiveMin: 0 });
const rate = () => zRate({ positive: true });

const zTotal = <Target extends z.ZodType>(target: () => Target, what: string) =>
  z
    .strictObject({
      perServer: target().optional().describe('target for each server (AverageValue)'),
      total: target().optional().describe('target for all servers together (Value)'),
    })
    .refine(({ perServer, total }) => (perServer === undefined) !== (total === undefined), {
      error: (issue) => {
        const got = Object.keys(issue.input as object).length === 0 ? 'an empty map' : 'both';
        return `got ${got}; allowed: either perServer or total`;
      },
    })
    .optional()
    .describe(what);

const METRICS = {
  cpu: zShare({ positive: true, max: 100 })
    .optional()
    .describe('busy slots, as a share of `request` (Resource); 80% when no metric is given'),
  inFlight: amount().optional().describe('calls in a server, its queue included (Pods)'),
  queued: amount().optional().describe("calls in a server's queue (Pods)"),
  requests: rate().optional().describe('calls that a server finishes (Pods)'),
  backlog: zTotal(amount, 'calls that wait, at the balancer and in the servers (External)'),
  concurrency: zTotal(amount, 'requests present at the balancer, mean between syncs (External)'),
  arrivals: zTotal(rate, 'requests that come to the balancer (External)'),
};

export const HPA_OPTIONS = z
  .strictObject({
    min: zCount().prefault(1).describe('fewest servers; 0 needs an external metric'),
    max: zCount({ min: 1 }).prefault(10).describe('most servers'),
    ...METRICS,
    metrics: z
      .array(
        z
          .strictObject(METRICS)
          .refine((metric) => Object.values(metric).some((target) => target !== undefined), {
            error: `got an empty map; allowed: at least one of ${Object.keys(METRICS).join(', ')}`,
          }),
      )
      .prefault([])
      .describe('further metrics, under the same keys; the largest proposal counts'),
    tolerance: zShare({ max: 100 })
      .prefault('10%')
      .describe('no change while usage / target is this near to 1'),
    behavior: zBehavior()
      .optional()
      .describe('rate limits and windows; without it, up to twice as many at a time'),
    stabilization: zDuration()
      .prefault('300s')
      .describe('window on the way down, unless the behaviour has one'),
    every: zDuration({ positive: true }).prefault('15s').describe('time between decisions (sync)'),
    scrape: zDuration({ positive: true })
      .prefault('15s')
      .describe('time between reports of a server, and the window of its CPU'),
    lag: zDuration()
      .prefault('0s')
      .describe('time from a report, or a number of the balancer, until the autoscaler sees it'),
    request: zShare({ positive: true })
      .prefault('100%')
      .describe("what counts as 100% CPU: the request's share of the slots"),
    cpuInitialization: zDuration()
      .prefault('300s')
      .describe('how long the CPU of a starting server is mistrusted'),
    readinessDelay: zDuration()
      .prefault('30s')
      .describe('a server that fails so soon after its start never was ready'),
  })
  .superRefine(within('max', 'at least', 'min'))
  .refine(
    ({ min, metrics, ...own }) =>
      min > 0 ||
      [own, ...metrics].some((each) => each.backlog ?? each.concurrency ?? each.arrivals),
    {
      path: ['min'],
      error:
        'got `0`; allowed: from 1, or 0 with an external metric, which alone leads back: backlog, concurrency or arrivals',
    },
  );

export type HpaOptions = z.output<typeof HPA_OPTIONS>;
export type MetricOptions = z.output<z.ZodObject<typeof METRICS>>;
