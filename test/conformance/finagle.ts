/**
 * Finagle's failure accrual. Its policies do not know that a node is dead, so a string of events is put to one as long as
 * it is alive: dead stays dead. The success rate over a number of requests, which the hybrid does not use, is put to
 * the same moving average with requests for time.
 */
import { z } from 'zod';
import type { Millis } from '../../src/core/units.ts';
import {
  FinagleBreaker,
  SuccessAverage,
  type FinagleOptions,
} from '../../src/policies/breaker/finagle.ts';
import { COUNTS, Drive, firstDifference, loaded, outcomeOf } from './breaker-drive.ts';
import { noteOf, ruleOf, type Rule } from './rule.ts';

const DEFAULTS: FinagleOptions = {
  failures: 5,
  successRate: 0.8,
  window: 30_000,
  minimumCalls: 5,
  recovery: 5000,
  longest: 300_000,
  patience: null,
  counts: COUNTS,
};
const NEVER_BY_RUN = 1e9;
const SECOND: Millis = 1000;

const made = (change: Partial<FinagleOptions>, luck = 0.5): FinagleBreaker =>
  new FinagleBreaker({ ...DEFAULTS, ...change }, loaded(luck));

const EVENTS = z.string().regex(/^[SF]+$/);

const CONSECUTIVE = z.object({
  n: z.int().min(1),
  events: EVENTS,
  deadAfterEach: z.array(z.boolean()),
});

const consecutive = ruleOf(CONSECUTIVE, ({ n, events, deadAfterEach }) => {
  const drive = new Drive(made({ failures: n }));
  const dead = [...events].map((event) => {
    drive.call(outcomeOf(event));
    return drive.state === 'open';
  });
  return firstDifference(dead, deadAfterEach, 'dead after event');
});

const BY_REQUESTS = z
  .object({
    required: z.number(),
    window: z.int().min(1),
    events: EVENTS.optional(),
    deadAfterEach: z.array(z.boolean()).optional(),
    /** After `window` successes. */
    deadOnFailureNumber: z.int().optional(),
  })
  .refine(
    (row) =>
      (row.events !== undefined && row.deadAfterEach !== undefined) ||
      row.deadOnFailureNumber !== undefined,
    {
      error: 'a case without an expectation',
    },
  );

const byRequests = ruleOf(BY_REQUESTS, (row) => {
  const { required, window, events, deadAfterEach, deadOnFailureNumber } = row;
  const dead = (calls: string): boolean[] => {
    const average = new SuccessAverage(window);
    return [...calls].map((call, index) => {
      average.update(index + 1, call === 'S');
      return call === 'F' && index + 1 >= window && average.rate < required;
    });
  };
  if (events !== undefined && deadAfterEach !== undefined)
    return firstDifference(dead(events), deadAfterEach, 'dead after event');
  const first = dead('S'.repeat(window) + 'F'.repeat(10 * window)).indexOf(true) - window + 1;
  return first === deadOnFailureNumber ? null : `expected ${deadOnFailureNumber}, got ${first}`;
});

const BY_TIME = z.object({
  required: z.number(),
  windowSec: z.int().min(1),
  deadOnFailureNumber: z.int(),
});

/** One success a second for a window, then one failure a second. */
const byTime = ruleOf(BY_TIME, ({ required, windowSec, deadOnFailureNumber }) => {
  const options = { failures: NEVER_BY_RUN, successRate: required, window: windowSec * SECOND };
  const drive = new Drive(made({ ...options, minimumCalls: 0 }));
  for (let second = 1; second <= windowSec; second++) {
    drive.now = second * SECOND;
    drive.call('ok');
  }
  let failures = 0;
  while (drive.state === 'closed' && failures < 10 * windowSec) {
    drive.now += SECOND;
    drive.call('reset');
    failures++;
  }
  return failures === deadOnFailureNumber
    ? null
    : `expected ${deadOnFailureNumber}, got ${failures}`;
});

const HYBRID = z.object({
  policy: z.string().regex(/^consecutive (\d+) OR success rate (\.\d+)\/(\d+) s$/),
  expectedDead: z.boolean(),
});

/** Success and failure in turns, one call a second, for a window; then one failure. */
const hybrid = ruleOf(HYBRID, ({ policy, expectedDead }) => {
  const [, run, rate, seconds] = /(\d+) OR success rate (\.\d+)\/(\d+)/.exec(policy)!;
  const window = Number(seconds) * SECOND;
  const drive = new Drive(
    made({ failures: Number(run), successRate: Number(rate), window, minimumCalls: 0 }),
  );
  for (let call = 0; drive.now < window; call++) {
    drive.call(call % 2 === 0 ? 'ok' : 'reset');
    if (drive.state === 'open') return `dead after ${call + 1} calls, before the last one`;
    drive.now += SECOND;
  }
  drive.call('reset');
  return (drive.state === 'open') === expectedDead ? null : `expected ${expectedDead}`;
});

const EXHAUSTED = z.object({ id: z.literal('backoff-exhausted'), note: z.string().regex(/300 s/) });

/** However often the probe fails, and however chance falls, the node is dead for no longer than 300 s, and in the end for that. */
const exhausted = ruleOf(EXHAUSTED, () => {
  for (const luck of [0, 0.5, 0.999]) {
    const drive = new Drive(made({}, luck));
    drive.trip();
    let deadFor = 0;
    for (let probe = 0; probe < 20; probe++) {
      const diedAt = drive.now;
      drive.recover();
      deadFor = drive.now - diedAt;
      if (deadFor > 300 * SECOND) return `dead for ${deadFor} ms`;
      drive.trip();
    }
    if (deadFor !== 300 * SECOND) return `in the end dead for ${deadFor} ms`;
  }
  return null;
});

const ruleFor = (row: unknown): Rule | undefined => {
  if (typeof row !== 'object' || row === null) return undefined;
  if (!('policy' in row))
    return 'note' in row && EXHAUSTED.safeParse(row).success ? exhausted : undefined;
  if (row.policy === 'consecutive') return consecutive;
  if (row.policy === 'ewmaSuccessRate') return byRequests;
  if (row.policy === 'ewmaSuccessRateDuration')
    return /^one success\/s for \d+ s then one failure\/s/.test(noteOf(row)) ? byTime : undefined;
  const isHybrid = String(row.policy).includes(' OR ');
  return isHybrid && noteOf(row).startsWith('alternating S,F one per second') ? hybrid : undefined;
};

export const failureAccrualFinagle: Rule = {
  covers: (row) => ruleFor(row) !== undefined,
  breach: (row) => ruleFor(row)?.breach(row) ?? null,
};
