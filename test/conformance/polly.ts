/**
 * Polly's breaker: whether a given throughput and failure rate break it, what its window of slices holds, and its
 * transitions. A throughput is put to it as successes, then failures, as it judges when a failure ends. Isolation by hand
 * is not part of this project.
 */
import { z } from 'zod';
import { PollyBreaker, type PollyOptions } from '../../src/policies/breaker/polly.ts';
import { kindOf } from '../../src/policies/breaker/tally.ts';
import { SliceWindow } from '../../src/policies/breaker/windows.ts';
import { COUNTS, Drive } from './breaker-drive.ts';
import { byShape, noteOf, ruleOf } from './rule.ts';

const DEFAULTS: PollyOptions = {
  failureRatio: 0.1,
  throughput: 100,
  window: 30_000,
  recovery: 5000,
  counts: COUNTS,
};

const THROUGHPUT = z.object({
  throughput: z.int().min(1),
  minimumThroughput: z.int(),
  failureRate: z.number(),
  failureThreshold: z.number(),
  expectedBreak: z.boolean(),
});

const COUNT = z.int().min(0);
const EVERY_SECOND = /one success per second for (\d+) s/;

const WINDOW = z.object({
  samplingSec: z.number(),
  windows: z.int(),
  /** Without records it says what they are. */
  note: z.string().default(''),
  records: z.array(z.strictObject({ atSec: z.number(), result: z.enum(['S', 'F']) })).optional(),
  reads: z
    .array(
      z.strictObject({
        atSec: z.number(),
        throughput: COUNT,
        failures: COUNT.optional(),
        failureRate: z.number().optional(),
      }),
    )
    .min(1),
});

const STATE = z.enum(['Closed', 'Open', 'HalfOpen', 'Isolated']);
const TRANSITIONS = z.object({
  onSuccess: z.partialRecord(STATE, STATE),
  onFailure: z.array(z.strictObject({ state: STATE, shouldBreak: z.boolean(), to: STATE })).min(1),
});

export const breakerPolly = byShape({
  expectedBreak: ruleOf(THROUGHPUT, (row) => {
    const options = {
      ...DEFAULTS,
      throughput: row.minimumThroughput,
      failureRatio: row.failureThreshold,
    };
    const drive = new Drive(new PollyBreaker(options));
    const failures = Math.round(row.throughput * row.failureRate);
    for (let call = row.throughput; call > 0; call--) drive.call(call > failures ? 'ok' : 'reset');
    const broke = drive.state === 'open';
    return broke === row.expectedBreak ? null : `expected ${row.expectedBreak}, got ${broke}`;
  }),
  reads: ruleOf(
    WINDOW,
    ({ samplingSec, windows, note, records, reads }) => {
      const window = new SliceWindow((samplingSec * 1000) / windows, samplingSec * 1000);
      const events = [
        ...(records ?? everySecond(note)),
        ...reads.map((read) => ({ ...read, result: 'read' as const })),
      ].sort((a, b) => a.atSec - b.atSec);
      for (const event of events) {
        const now = event.atSec * 1000;
        if (event.result !== 'read') window.add(now, kindOf(event.result === 'F', false));
        else {
          window.roll(now);
          const { total, failed } = window.tally;
          const got = { throughput: total, failures: failed, failureRate: failed / (total || 1) };
          for (const key of ['throughput', 'failures', 'failureRate'] as const)
            if (event[key] !== undefined && event[key] !== got[key])
              return `${key} at ${event.atSec} s: expected ${event[key]}, got ${got[key]}`;
        }
      }
      return null;
    },
    (row) => 'records' in Object(row) || EVERY_SECOND.test(noteOf(row)),
  ),
  onFailure: ruleOf(TRANSITIONS, (row) => {
    for (const [state, to] of Object.entries(row.onSuccess)) {
      if (state === 'Isolated') continue;
      const got = after(state, (drive) => drive.settle('ok'));
      if (got !== to) return `a success while ${state}: expected ${to}, got ${got}`;
    }
    for (const { state, shouldBreak, to } of row.onFailure) {
      if (state === 'Isolated') continue;
      const got = after(state, (drive) => (shouldBreak ? drive.trip() : drive.settle('reset')));
      if (got !== to) return `a failure while ${state}: expected ${to}, got ${got}`;
    }
    return null;
  }),
});

const everySecond = (note: string) =>
  Array.from({ length: Number(EVERY_SECOND.exec(note)?.[1]) }, (_, atSec) => ({
    atSec,
    result: 'S' as const,
  }));

/** Brings a breaker into a state, a call in flight that was sent then or before, and says what it is after `event`. */
const after = (state: string, event: (drive: Drive) => void): string => {
  const breaker = new PollyBreaker({ ...DEFAULTS, throughput: 2 });
  const drive = new Drive(breaker);
  if (state === 'Open') {
    // One call that outlasts the trip.
    const early = breaker.sent(0);
    drive.call('reset');
    drive.call('reset');
    const late = new Drive({
      state: (now) => breaker.state(now),
      admits: () => true,
      sent: () => early,
      settled: (now, permit, outcome, took) => breaker.settled(now, permit, outcome, took),
      because: () => '',
      wakeAt: () => Infinity,
    });
    late.acquire();
    event(late);
    return named(breaker.state(0));
  }
  if (state === 'HalfOpen') {
    drive.trip();
    drive.recover();
  }
  drive.acquire();
  event(drive);
  return named(drive.state);
};

const named = (state: string): string =>
  ({ closed: 'Closed', open: 'Open', 'half-open': 'HalfOpen' })[state] ?? state;
