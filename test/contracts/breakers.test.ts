/**
 * The laws of all circuit breakers, run over the whole registry. A breaker is driven as the fleet drives it: `sent` only
 * after `admits`, each permit settled once. `trip` drives any breaker open by failures in a row, so that no law
 * needs to know a breaker's own threshold.
 */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../src/core/rng.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { NEVER, type Millis } from '../../src/core/units.ts';
import type { Breaker, Permit } from '../../src/policies/breaker/breaker.ts';
import { BREAKERS } from '../../src/policies/breaker/index.ts';
import { variantsOf } from './variants.ts';

const VARIANTS = variantsOf(BREAKERS, {
  counter: [
    { failures: 1, halfOpenCalls: 1 },
    { failures: 3, window: 'none' },
    { counts: ['tool-errors'] },
  ],
  consecutive: [{ failures: 1 }, { growth: 1, longest: 'none', jitter: '0%', patience: 'none' }],
  resilience4j: [
    { size: 5, halfOpenCalls: 4, halfOpenWait: '10s', growth: 1.5, jitter: '50%' },
    { window: 'time', span: '20s', minimumCalls: 5 },
    { minimumCalls: 10, automatic: true, halfOpenWait: '5s', growth: 2, longest: '10m' },
    { minimumCalls: 10, halfOpenWait: '10s', afterWait: 'closed' },
  ],
  polly: [{ throughput: 5 }],
  cockatiel: [
    { rule: 'count', size: 10 },
    { rule: 'sampling', minimumRate: '1/s', growth: 2 },
    { halfOpenCalls: 4, halfOpenThreshold: '30%' },
  ],
  linkerd: [{ failures: 'none' }, { successRate: 'none', longest: 'none' }],
  finagle: [{ failures: 1000, window: '100ms' }],
});
const LONG: Millis = 1e9;

describe.each(VARIANTS)('$label', ({ name, options, make }) => {
  const failure = firstCounted(options);
  const opens = trip(make(), failure) !== null;
  const unlessItOpens = opens ? '' : ' (it never opens)';

  it('admits calls while it is new', () => {
    expect(make().state(0)).toBe('closed');
    expect(make().admits(0)).toBe(true);
  });

  it('is not moved by being read', () => {
    const left = alone(make(), 1, failure);
    const read = alone(make(), 1, failure, (breaker, now) => {
      for (const then of [now, now + 1, now + LONG]) {
        breaker.state(then);
        breaker.admits(then);
        breaker.wakeAt(then);
      }
      breaker.because();
    });
    expect(read).toEqual(left);
  });

  it('does the same again, given the same history', () => {
    expect(alone(make(7), 2, failure)).toEqual(alone(make(7), 2, failure));
  });

  it('changes by time alone exactly when it said it would', () => {
    let changes = 0;
    alone(make(), 3, failure, (breaker, now) => {
      const wakeAt = breaker.wakeAt(now);
      const shown = shownAt(breaker, now);
      if (wakeAt === NEVER) {
        expect(shownAt(breaker, now + LONG)).toEqual(shown);
        return;
      }
      changes++;
      expect(wakeAt).toBeGreaterThan(now);
      expect(shownAt(breaker, (now + wakeAt) / 2)).toEqual(shown);
      expect(shownAt(breaker, wakeAt - 0.001)).toEqual(shown);
      expect(shownAt(breaker, wakeAt)).not.toEqual(shown);
    });
    expect(changes > 0).toBe(opens);
  });

  it.skipIf(!opens)(`refuses calls while it is open${unlessItOpens}`, () => {
    const breaker = make();
    const openedAt = trip(breaker, failure)!;
    expect(breaker.admits(openedAt)).toBe(false);
    expect(breaker.because()).not.toBe('');
  });

  it.skipIf(!opens)(`admits no more half-open calls than its limit${unlessItOpens}`, () => {
    const breaker = make();
    const halfOpenAt = halfOpen(breaker, failure);
    expect(takePermits(breaker, halfOpenAt)).toHaveLength((options.halfOpenCalls as number) ?? 1);
    const until = Math.min(breaker.wakeAt(halfOpenAt) - 0.001, halfOpenAt + LONG);
    expect(breaker.admits(until)).toBe(false);
  });

  it.skipIf(!opens)(`gets the permit of a cancelled call back${unlessItOpens}`, () => {
    const breaker = make();
    const now = halfOpen(breaker, failure);
    const [permit] = takePermits(breaker, now);
    expect(breaker.admits(now)).toBe(false);
    breaker.settled(now, permit!, 'cancelled', 0);
    expect(breaker.state(now)).toBe('half-open');
    expect(takePermits(breaker, now)).toHaveLength(1);
  });

  it.skipIf(!opens)(
    `is not moved by answers to calls from before it opened${unlessItOpens}`,
    () => {
      const breaker = make();
      const early = Array.from({ length: 50 }, () => breaker.sent(0));
      const openedAt = trip(breaker, failure)!;
      const halfOpenAt = breaker.wakeAt(openedAt);
      breaker.settled(openedAt, early[0]!, 'ok', 0);
      breaker.settled(openedAt, early[1]!, failure, 0);
      expect(breaker.wakeAt(openedAt)).toBe(halfOpenAt);
      const trials = takePermits(breaker, halfOpenAt);
      for (const permit of early.slice(2, 25)) breaker.settled(halfOpenAt, permit, 'ok', 0);
      for (const permit of early.slice(25)) breaker.settled(halfOpenAt, permit, failure, 0);
      expect(breaker.state(halfOpenAt)).toBe('half-open');
      expect(breaker.admits(halfOpenAt)).toBe(false);
      for (const permit of trials) breaker.settled(halfOpenAt, permit, 'ok', 0);
      expect(breaker.state(halfOpenAt)).toBe('closed');
    },
  );

  it.skipIf(!opens)(
    `is not moved by half-open calls of an earlier attempt to close${unlessItOpens}`,
    () => {
      const breaker = make();
      const firstTry = halfOpen(breaker, failure);
      const stale = takePermits(breaker, firstTry);
      for (const permit of stale) breaker.settled(firstTry, permit, failure, 0);
      // Finagle tries again at once where a probe failed but neither of its rules is met.
      const secondTry = breaker.admits(firstTry) ? firstTry : breaker.wakeAt(firstTry);
      breaker.sent(secondTry);
      for (const permit of stale) breaker.settled(secondTry, permit, 'ok', 0);
      expect(breaker.state(secondTry)).toBe('half-open');
    },
  );

  const forgets = opens && growsOld(name, options);
  const keeps = opens ? ' (a run, or a number of calls, has no age)' : unlessItOpens;
  it.skipIf(!forgets)(
    `acts as new after an idle gap longer than its windows${forgets ? '' : keeps}`,
    () => {
      const fresh = make();
      const old = make();
      for (let k = 0; k < failuresToOpen(make(), failure) - 1; k++) settleOne(old, 0, failure);
      for (const outcome of history(40, 4, failure)) {
        settleOne(fresh, LONG, outcome);
        settleOne(old, LONG, outcome);
        expect(shownAt(old, LONG)).toEqual(shownAt(fresh, LONG));
      }
    },
  );

  const counts = options.counts as readonly (keyof typeof OUTCOMES)[] | undefined;
  it.skipIf(counts === undefined)(
    `counts what it is told to count, and nothing else${counts === undefined ? ' (it counts nothing)' : ''}`,
    () => {
      for (const [category, outcomes] of Object.entries(OUTCOMES)) {
        for (const outcome of outcomes) {
          const opened = trip(make(), outcome) !== null;
          // linkerd's success rate counts a 429 whatever it is told to count.
          const always =
            outcome === 'throttled' && name === 'linkerd' && options.successRate !== null;
          const told = counts!.includes(category as 'transport');
          expect([outcome, opened]).toEqual([outcome, told || always]);
        }
      }
      for (const outcome of ['ok', 'cancelled', 'session-lost'] as const)
        expect([outcome, trip(make(), outcome)]).toEqual([outcome, null]);
    },
  );
});

/** What a client can meet, by the names of the option `counts`. */
const OUTCOMES = {
  transport: ['timeout', 'refused', 'reset'],
  '5xx': ['http-5xx'],
  overloaded: ['overloaded'],
  throttled: ['throttled'],
  'tool-errors': ['tool-error'],
} as const satisfies Record<string, readonly Outcome[]>;

/** Does all that it counts go out of a window of time? */
function growsOld(name: string, options: Readonly<Record<string, unknown>>): boolean {
  if (name === 'counter') return options.window !== null;
  if (name === 'resilience4j') return options.window === 'time';
  if (name === 'cockatiel') return options.rule === 'sampling';
  if (name === 'linkerd') return options.failures === null;
  return name === 'polly';
}

function firstCounted(options: Readonly<Record<string, unknown>>): Outcome {
  const counts = options.counts as readonly (keyof typeof OUTCOMES)[] | undefined;
  return counts === undefined ? 'timeout' : OUTCOMES[counts[0]!][0];
}

const shownAt = (breaker: Breaker, now: Millis) => [breaker.state(now), breaker.admits(now)];

const settleOne = (breaker: Breaker, now: Millis, outcome: Outcome): void => {
  if (breaker.admits(now)) breaker.settled(now, breaker.sent(now), outcome, 0);
};

/** Fails calls, one a ms, until the circuit is open: when it opened, or null if 1,000 failures in a row leave it cold. */
function trip(breaker: Breaker, outcome: Outcome): Millis | null {
  for (let now = 0; now < 1000; now++) {
    settleOne(breaker, now, outcome);
    if (breaker.state(now) === 'open') return now;
  }
  return null;
}

const failuresToOpen = (breaker: Breaker, outcome: Outcome): number => trip(breaker, outcome)! + 1;

/** Opens it and waits: the moment at which it is half-open. */
const halfOpen = (breaker: Breaker, outcome: Outcome): Millis => {
  const now = breaker.wakeAt(trip(breaker, outcome)!);
  expect(breaker.state(now)).toBe('half-open');
  return now;
};

/** Sends calls as long as it admits them, 100 at most. */
const takePermits = (breaker: Breaker, now: Millis): Permit[] => {
  const permits: Permit[] = [];
  while (breaker.admits(now) && permits.length < 100) permits.push(breaker.sent(now));
  return permits;
};

function history(length: number, seed: number, failure: Outcome): Outcome[] {
  const chance = sequential(seed, 'history');
  return Array.from({ length }, () => (chance.next() < 0.6 ? failure : 'ok'));
}

/** A random life with calls in flight; what the breaker showed after each step. `meddle` is called in between. */
function alone(
  breaker: Breaker,
  seed: number,
  failure: Outcome,
  meddle: (breaker: Breaker, now: Millis) => void = () => {},
): unknown[] {
  const chance = sequential(seed, 'life');
  const met: readonly Outcome[] = [
    failure,
    failure,
    failure,
    'ok',
    'ok',
    'cancelled',
    'session-lost',
  ];
  const permits: Permit[] = [];
  const shown: unknown[] = [];
  let now = 0;
  for (let step = 0; step < 4000; step++) {
    // Bursts of about 100 steps with gaps between them: fast enough for a minimum of calls, long enough for breaks.
    const longest = chance.next() < 0.99 ? 50_000 : 30_000_000;
    now += Math.round(chance.next() * longest) / 1000;
    if (breaker.admits(now) && chance.next() < 0.6) permits.push(breaker.sent(now));
    else if (permits.length > 0) {
      const [permit] = permits.splice(chance.below(permits.length), 1);
      breaker.settled(now, permit!, met[chance.below(met.length)]!, 0);
    }
    meddle(breaker, now);
    shown.push([...shownAt(breaker, now), breaker.wakeAt(now), breaker.because()]);
  }
  return shown;
}
