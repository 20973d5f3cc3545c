/**
 * resilience4j's breaker and its windows. Rows of the breaker are of three shapes: calls with the state after each, permits
 * taken half-open, and a timeline of forced trips. A trip is forced by failures, as there is no switch for it.
 */
import { z } from 'zod';
import type { Resilience4jOptions } from '../../src/policies/breaker/resilience4j.ts';
import { Resilience4jBreaker } from '../../src/policies/breaker/resilience4j.ts';
import { kindOf } from '../../src/policies/breaker/tally.ts';
import { BucketWindow, CountWindow, type Window } from '../../src/policies/breaker/windows.ts';
import { COUNTS, Drive, firstDifference, loaded, outcomeOf } from './breaker-drive.ts';
import { byShape, ruleOf } from './rule.ts';

const EXPONENTIAL = /^exponential (\d+) x([\d.]+)$/;

const CONFIG = z.object({
  failureRateThreshold: z.number().default(50),
  slowCallRateThreshold: z.number().default(100),
  slowCallDurationMs: z.number().default(60_000),
  window: z.enum(['COUNT', 'TIME']).default('COUNT'),
  windowSize: z.int().default(100),
  windowSec: z.int().default(100),
  minimumCalls: z.int().default(100),
  waitInOpenMs: z.union([z.number(), z.string().regex(EXPONENTIAL)]).default(60_000),
  permittedInHalfOpen: z.int().default(10),
  maxWaitInHalfOpenMs: z.number().default(0),
  stateAfterMaxWait: z.enum(['OPEN', 'CLOSED']).default('OPEN'),
  automaticTransition: z.boolean().default(false),
});

const STATE = z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']);
const START = STATE.default('CLOSED');
const RATE = z.number().optional();

const CALLS = z
  .object({
    config: CONFIG,
    start: START,
    calls: z.array(
      z.strictObject({
        result: z.enum(['S', 'F']),
        durationMs: z.number().default(0),
        afterMs: z.number().default(0),
      }),
    ),
    stateAfterEach: z.array(STATE),
    failureRateAfter: RATE,
    slowRateAfter: RATE,
  })
  .refine((row) => row.calls.length === row.stateAfterEach.length, {
    error: 'calls and stateAfterEach differ in length',
  });

const PERMITS = z.object({
  config: CONFIG,
  start: START,
  acquire: z.array(z.boolean()),
  thenRelease: z.int().default(0),
  acquireAgain: z.array(z.boolean()).default([]),
});

const TIMELINE = z.object({
  config: CONFIG,
  start: START,
  timeline: z.array(
    z
      .strictObject({
        atMs: z.number(),
        event: z.enum(['open', 'open again']).optional(),
        permit: z.boolean().optional(),
        state: STATE.optional(),
        note: z.string().optional(),
      })
      .refine(
        ({ event, permit, state }) => [event, permit, state].some((one) => one !== undefined),
        {
          error: 'neither an event nor an expectation',
        },
      ),
  ),
});

export const breakerResilience4j = byShape({
  calls: ruleOf(CALLS, (row) => {
    const { breaker, drive } = started(row.config, row.start);
    const states = row.calls.map(({ result, durationMs, afterMs }) => {
      drive.call(outcomeOf(result), durationMs);
      const state = named(drive.state);
      drive.now += afterMs;
      return state;
    });
    return (
      firstDifference(states, row.stateAfterEach, 'state after call') ??
      rateBreach(breaker.failureRate, 'failed', row.failureRateAfter) ??
      rateBreach(breaker.slowRate, 'slow', row.slowRateAfter)
    );
  }),
  acquire: ruleOf(PERMITS, (row) => {
    const { drive } = started(row.config, row.start);
    const first = row.acquire.map(() => drive.acquire());
    for (let k = 0; k < row.thenRelease; k++) drive.settle('cancelled');
    const again = row.acquireAgain.map(() => drive.acquire());
    return (
      firstDifference(first, row.acquire, 'permit') ??
      firstDifference(again, row.acquireAgain, 'permit after the release')
    );
  }),
  timeline: ruleOf(TIMELINE, (row) => {
    const { drive } = started(row.config, row.start);
    for (const { atMs, event, permit, state } of row.timeline) {
      drive.now = atMs;
      if (event !== undefined) drive.trip();
      if (permit !== undefined && drive.acquire() !== permit)
        return `at ${atMs} ms: expected ${permit ? 'a' : 'no'} permit`;
      if (state !== undefined && named(drive.state) !== state)
        return `at ${atMs} ms: expected ${state}, got ${named(drive.state)}`;
    }
    return null;
  }),
});

const RESULT = z.enum(['S', 'F', 'SLOW_S', 'SLOW_F']);
const COUNT = z.int().min(0).optional();
const WINDOW = z.object({
  windowSec: z.int().optional(),
  windowSize: z.int().optional(),
  bucketSec: z.literal(1).optional(),
  alignedStart: z.literal(true).optional(),
  records: z.array(
    z.union([
      RESULT,
      z.strictObject({
        atMs: z.number().default(0),
        /** Without it the window is only read. */
        result: RESULT.optional(),
        expectedTotal: COUNT,
        expectedFailed: COUNT,
        expectedSlow: COUNT,
        expectedSuccess: COUNT,
        expectedFailureRate: RATE,
      }),
    ]),
  ),
  expected: z.record(z.string(), z.number()).optional(),
});

export const slidingWindowResilience4j = ruleOf(WINDOW, (row) => {
  const window: Window =
    row.windowSec === undefined
      ? new CountWindow(row.windowSize ?? row.records.length)
      : new BucketWindow(1000, row.windowSec);
  for (const [index, record] of row.records.entries()) {
    const { atMs, result, ...expected } =
      typeof record === 'string' ? { atMs: 0, result: record } : record;
    if (result === undefined) window.roll(atMs);
    else window.add(atMs, kindOf(result.endsWith('F'), result.startsWith('SLOW')));
    const breach = countBreach(window, expected);
    if (breach !== null) return `after record ${index + 1}: ${breach}`;
  }
  return countBreach(window, row.expected ?? {});
});

const countBreach = (
  { tally }: Window,
  expected: Readonly<Record<string, number | undefined>>,
): string | null => {
  const { total, failed, slow, slowFailed } = tally;
  const share = (part: number): number => (total === 0 ? 0 : (100 * part) / total);
  const counted: Readonly<Record<string, number>> = {
    total,
    failed,
    success: total - failed,
    slow,
    slowFailed,
    slowSuccess: slow - slowFailed,
    slowRate: share(slow),
    failureRate: share(failed),
  };
  for (const [key, want] of Object.entries(expected)) {
    if (want === undefined) continue;
    const name = key.replace(/^expected(\w)/, (_, first: string) => first.toLowerCase());
    const got = counted[name];
    if (got === undefined) return `${key} is not something a window counts`;
    if (Math.abs(got - want) > 1e-4) return `${key}: expected ${want}, got ${got}`;
  }
  return null;
};

type Config = z.output<typeof CONFIG>;
type State = z.output<typeof STATE>;

const started = (config: Config, start: State) => {
  const breaker = new Resilience4jBreaker(optionsOf(config), loaded(0.5));
  const drive = new Drive(breaker);
  if (start !== 'CLOSED') drive.trip();
  if (start === 'HALF_OPEN') drive.recover();
  return { breaker, drive };
};

const optionsOf = (config: Config): Resilience4jOptions => {
  const [, first, growth] = EXPONENTIAL.exec(String(config.waitInOpenMs)) ?? [];
  return {
    window: config.window === 'COUNT' ? 'count' : 'time',
    size: config.windowSize,
    span: config.windowSec * 1000,
    minimumCalls: config.minimumCalls,
    failureRate: config.failureRateThreshold / 100,
    slowRate: config.slowCallRateThreshold / 100,
    slow: config.slowCallDurationMs,
    recovery: Number(first ?? config.waitInOpenMs),
    growth: Number(growth ?? 1),
    longest: null,
    jitter: 0,
    halfOpenCalls: config.permittedInHalfOpen,
    halfOpenWait: config.maxWaitInHalfOpenMs === 0 ? null : config.maxWaitInHalfOpenMs,
    afterWait: config.stateAfterMaxWait === 'OPEN' ? 'open' : 'closed',
    automatic: config.automaticTransition,
    counts: COUNTS,
  };
};

const rateBreach = (
  got: number | null,
  of: string,
  expected: number | undefined,
): string | null => {
  const rate = got === null ? -1 : got * 100;
  if (expected === undefined || Math.abs(rate - expected) < 1e-4) return null;
  return `rate of ${of} calls: expected ${expected}, got ${rate}`;
};

const named = (state: string): string => state.toUpperCase().replace('-', '_');
