/** cockatiel's breakers: strings of calls, windows, and the policy's breaks and half-open calls. */
import { z } from 'zod';
import {
  CockatielBreaker,
  minimumRateOf,
  slicesOf,
  type CockatielOptions,
} from '../../src/policies/breaker/cockatiel.ts';
import { kindOf } from '../../src/policies/breaker/tally.ts';
import { CountWindow } from '../../src/policies/breaker/windows.ts';
import { COUNTS, Drive, firstDifference, loaded, outcomeOf } from './breaker-drive.ts';
import { byShape, noteOf, ruleOf } from './rule.ts';

const DEFAULTS: CockatielOptions = {
  rule: 'consecutive',
  failures: 5,
  threshold: 0.5,
  size: 100,
  minimumCalls: null,
  duration: 30_000,
  minimumRate: null,
  recovery: 1000,
  growth: 1,
  longest: null,
  jitter: 0,
  halfOpenCalls: 1,
  halfOpenThreshold: 0,
  patience: null,
  counts: COUNTS,
};

const made = (change: Partial<CockatielOptions>): CockatielBreaker =>
  new CockatielBreaker({ ...DEFAULTS, ...change }, loaded(0));

const CALLS = z.string().regex(/^[SF]+$/);
const SHARE = z.number();
const STATE = z.enum(['Closed', 'Open', 'HalfOpen']);

/** Its breakers do not know that the circuit is open: each call is put to a breaker that has not tripped yet. */
const CONSECUTIVE = z.object({
  threshold: z.int(),
  calls: CALLS,
  breakAfterEach: z.array(z.boolean().nullable()),
});

const COUNT = z.object({
  size: z.int(),
  minimumCalls: z.int().optional(),
  threshold: SHARE,
  calls: CALLS,
  opens: z.boolean(),
});

const COUNT_WINDOW = z.object({
  size: z.int(),
  calls: CALLS,
  windowAfterOldestFirst: z.array(z.enum(['S', 'F'])),
});

const SAMPLING = z.object({
  threshold: SHARE,
  durationSec: z.number(),
  minimumRps: z.number(),
  intervalMs: z.number(),
  count: z.int(),
  /** Failures at the very moment of the last one, or an interval after it. */
  then: CALLS.optional(),
  opens: z.boolean(),
});

const SAMPLED = z.object({
  durationSec: z.number(),
  windows: z.int(),
  expected: z.strictObject({ failures: z.int(), successes: z.int() }),
});

const MINIMUM = z.object({
  cases: z.array(z.strictObject({ threshold: SHARE, minRps: z.number() })).min(1),
});

const BREAKS = z.object({
  threshold: z.int(),
  halfOpenAfterMs: z.array(z.number()).min(1),
  timeline: z.array(
    z.strictObject({
      advanceMs: z.number().default(0),
      call: z.enum(['S', 'F', 'any']).optional(),
      state: STATE.optional(),
      rejected: z.boolean().default(false),
      note: z.string().optional(),
    }),
  ),
});

const HALF_OPEN = z.object({
  halfOpenCalls: z.int(),
  halfOpenThreshold: SHARE,
  calls: CALLS,
  stateAfterEach: z.array(STATE),
});

export const breakerCockatiel = byShape({
  breakAfterEach: ruleOf(CONSECUTIVE, ({ threshold, calls, breakAfterEach }) => {
    const got = [...calls].map((_, index) => {
      // The run at this call, put to a breaker that is still closed: it opens iff the run is long enough.
      const run = /F*$/.exec(calls.slice(0, index + 1))![0].length;
      const drive = new Drive(made({ failures: threshold }));
      for (let k = 0; k < run; k++) drive.call('reset');
      return drive.state === 'open';
    });
    return firstDifference(got, breakAfterEach, 'break after call');
  }),
  'size+opens': ruleOf(COUNT, ({ size, minimumCalls, threshold, calls, opens }) => {
    const options = { rule: 'count', size, threshold, minimumCalls: minimumCalls ?? null } as const;
    const drive = new Drive(made(options));
    for (const call of calls) drive.call(outcomeOf(call));
    return openBreach(drive, opens);
  }),
  windowAfterOldestFirst: ruleOf(COUNT_WINDOW, ({ size, calls, windowAfterOldestFirst }) => {
    const window = new CountWindow(size);
    for (const call of calls) window.add(0, kindOf(call === 'F', false));
    const got = Array.from({ length: window.tally.total }, (_, index) =>
      window.kindAt(index) === kindOf(true, false) ? 'F' : 'S',
    );
    return got.join() === windowAfterOldestFirst.join() ? null : `got ${got.join('')}`;
  }),
  intervalMs: ruleOf(SAMPLING, (row) => {
    const drive = new Drive(
      made({
        rule: 'sampling',
        threshold: row.threshold,
        duration: row.durationSec * 1000,
        minimumRate: row.minimumRps,
      }),
    );
    for (let k = 0; k < row.count; k++) {
      drive.call('reset');
      drive.now += row.intervalMs;
    }
    for (const call of row.then ?? '') drive.call(outcomeOf(call));
    return openBreach(drive, row.opens);
  }),
  'windows+expected': ruleOf(
    SAMPLED,
    ({ durationSec, windows, expected }) => {
      const duration = durationSec * 1000;
      if (slicesOf(duration).count !== windows) return `${slicesOf(duration).count} windows`;
      // In second i from 0 to 6: i failures and 2 i successes; no minimum that could be reached.
      const breaker = made({ rule: 'sampling', duration, minimumRate: 1e6 });
      const drive = new Drive(breaker);
      for (let second = 0; second <= 6; second++) {
        drive.now = second * 1000;
        for (let k = 0; k < second; k++) for (const call of 'FSS') drive.call(outcomeOf(call));
      }
      const { failed, total } = breaker.tally;
      return failed === expected.failures && total - failed === expected.successes
        ? null
        : `got ${failed} failures and ${total - failed} successes`;
    },
    (row) => noteOf(row).startsWith('i failures and 2i successes in second i for i=0..6'),
  ),
  cases: ruleOf(MINIMUM, ({ cases }) => {
    const got = cases.map(({ threshold }) => minimumRateOf({ threshold, minimumRate: null }));
    return firstDifference(
      got,
      cases.map(({ minRps }) => minRps),
      'minimum rate',
    );
  }),
  halfOpenAfterMs: ruleOf(BREAKS, ({ threshold, halfOpenAfterMs, timeline }) => {
    const [recovery = 0, second = recovery] = halfOpenAfterMs;
    const growth = second / recovery;
    const isGeometric = halfOpenAfterMs.every((ms, k) => ms === recovery * growth ** k);
    if (!isGeometric) return 'breaks that do not grow by one factor are not implemented';
    const drive = new Drive(made({ failures: threshold, recovery, growth }));
    for (const [index, step] of timeline.entries()) {
      drive.now += step.advanceMs;
      const rejected = step.call !== undefined && !drive.call(step.call === 'F' ? 'reset' : 'ok');
      if (rejected !== step.rejected) return `step ${index + 1}: rejected is ${rejected}`;
      if (step.state !== undefined && named(drive.state) !== step.state)
        return `step ${index + 1}: expected ${step.state}, got ${named(drive.state)}`;
    }
    return null;
  }),
  halfOpenThreshold: ruleOf(HALF_OPEN, (row) => {
    const { halfOpenCalls, halfOpenThreshold } = row;
    const drive = new Drive(made({ failures: 1, halfOpenCalls, halfOpenThreshold }));
    drive.trip();
    drive.recover();
    const states = [...row.calls].map((call) => {
      drive.call(outcomeOf(call));
      return named(drive.state);
    });
    return firstDifference(states, row.stateAfterEach, 'state after call');
  }),
});

const openBreach = (drive: Drive, opens: boolean): string | null =>
  (drive.state === 'open') === opens
    ? null
    : `expected ${opens ? 'open' : 'closed'}, got ${drive.state}`;

const named = (state: string): string =>
  ({ closed: 'Closed', open: 'Open', 'half-open': 'HalfOpen' })[state] ?? state;
