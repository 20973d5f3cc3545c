/** linkerd's success-rate window, its verdict on it, and the gate of its breaker. */
import { z } from 'zod';
import type { Outcome } from '../../src/core/outcome.ts';
import {
  isTooLow,
  LinkerdBreaker,
  type LinkerdOptions,
} from '../../src/policies/breaker/linkerd.ts';
import { kindOf } from '../../src/policies/breaker/tally.ts';
import { BucketWindow } from '../../src/policies/breaker/windows.ts';
import { COUNTS, Drive, loaded } from './breaker-drive.ts';
import { ruleOf } from './rule.ts';

const DEFAULTS: LinkerdOptions = {
  failures: null,
  successRate: null,
  window: 10_000,
  minimumCalls: 0,
  recovery: 1000,
  growth: 2,
  longest: 100_000,
  jitter: 0,
  counts: COUNTS,
};

const CHECK = z
  .strictObject({
    afterRecord: z.int().min(0),
    /** Null: the window is empty. */
    ratio: z.number().nullable().optional(),
    minRequests: z.int().optional(),
    threshold: z.number().optional(),
    trip: z.boolean().optional(),
  })
  .refine(({ ratio, trip }) => ratio !== undefined || trip !== undefined, {
    error: 'a check without an expectation',
  });

const RATE = z
  .object({
    windowSec: z.number().default(10),
    buckets: z.int().default(10),
    records: z.array(z.strictObject({ atSec: z.number(), result: z.enum(['S', 'F']) })).default([]),
    checks: z.array(CHECK).default([]),
    minRequests: z.int().optional(),
    threshold: z.number().optional(),
    expectedTrip: z.boolean().optional(),
  })
  .refine(({ checks, expectedTrip }) => checks.length > 0 || expectedTrip !== undefined, {
    error: 'a case without an expectation',
  });

type Row = z.output<typeof RATE>;

export const successRateWindowLinkerd = ruleOf(RATE, (row) => {
  const { checks, expectedTrip, minRequests, threshold } = row;
  const last = { afterRecord: row.records.length, minRequests, threshold, trip: expectedTrip };
  for (const check of expectedTrip === undefined ? checks : [...checks, last]) {
    const breach = checkBreach(row, check);
    if (breach !== null) return `after record ${check.afterRecord}: ${breach}`;
  }
  return null;
});

const checkBreach = (row: Row, check: z.output<typeof CHECK>): string | null => {
  const window = new BucketWindow((row.windowSec * 1000) / row.buckets, row.buckets);
  for (const { atSec, result } of row.records.slice(0, check.afterRecord))
    window.add(atSec * 1000, kindOf(result === 'F', false));
  const { total, failed } = window.tally;
  const ratio = total === 0 ? null : (total - failed) / total;
  if (check.ratio !== undefined && !isNear(ratio, check.ratio))
    return `expected a ratio of ${check.ratio}, got ${ratio}`;
  if (check.trip === undefined) return null;
  const { threshold, minRequests } = check;
  if (threshold === undefined || minRequests === undefined)
    return 'a trip needs threshold and minRequests';
  const trips = isTooLow(window.tally, minRequests, threshold);
  return trips === check.trip ? null : `expected ${check.trip ? 'a' : 'no'} trip`;
};

const isNear = (got: number | null, expected: number | null): boolean =>
  got === expected || (got !== null && expected !== null && Math.abs(got - expected) < 1e-9);

const GATE = z.object({
  maxFailures: z.int(),
  backoff: z.strictObject({ minSec: z.number(), maxSec: z.number(), jitter: z.literal(0) }),
  timeline: z.array(
    z.strictObject({
      atSec: z.number(),
      response: z.int().optional(),
      gate: z.enum(['open', 'shut', 'limited']),
      permits: z.int().optional(),
      note: z.string().optional(),
    }),
  ),
});

export const breakerLinkerdConsecutive = ruleOf(GATE, ({ maxFailures, backoff, timeline }) => {
  const breaker = new LinkerdBreaker(
    {
      ...DEFAULTS,
      failures: maxFailures,
      recovery: backoff.minSec * 1000,
      longest: backoff.maxSec * 1000,
    },
    loaded(0),
  );
  const drive = new Drive(breaker);
  // A call from the start, for answers that come while the gate is shut.
  const straggler = breaker.sent(0);
  for (const [index, { atSec, response, gate, permits }] of timeline.entries()) {
    drive.now = atSec * 1000;
    if (response !== undefined && !drive.call(outcomeOf(response)))
      breaker.settled(drive.now, straggler, outcomeOf(response), 0);
    const got = GATES[breaker.state(drive.now)];
    if (got !== gate) return `step ${index + 1}: expected ${gate}, got ${got}`;
    if (permits !== undefined && permitsOf(drive) !== permits)
      return `step ${index + 1}: expected ${permits} permits, got ${permitsOf(drive)}`;
  }
  return null;
});

const GATES = { closed: 'open', open: 'shut', 'half-open': 'limited' } as const;

const outcomeOf = (status: number): Outcome =>
  status === 429 ? 'throttled' : status >= 500 ? 'http-5xx' : 'ok';

/** How many calls it would let through; they are taken back. */
const permitsOf = (drive: Drive): number => {
  let permits = 0;
  while (permits < 1000 && drive.acquire()) permits++;
  for (let k = 0; k < permits; k++) drive.settle('cancelled');
  return permits;
};
