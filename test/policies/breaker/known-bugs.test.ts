/**
 * The bugs that circuit breakers are known for, each put to every breaker that could have it. What the contract suite
 * (test/contracts/breakers.test.ts) holds already is not repeated: cancelled half-open calls, answers from before a
 * trip or from an earlier half-open round, windows of time after an idle gap.
 */
import { describe, expect, it } from 'vitest';
import { sequential, type Rng } from '../../../src/core/rng.ts';
import { NEVER, type Millis } from '../../../src/core/units.ts';
import type { Breaker } from '../../../src/policies/breaker/breaker.ts';
import { BREAKERS } from '../../../src/policies/breaker/index.ts';

type Options = Readonly<Record<string, unknown>>;

const made = (name: string, options: Options = {}, rng: Rng = sequential(1, name)): Breaker => {
  const entry = BREAKERS[name]!;
  return entry.make(entry.options.parse(options) as never, rng);
};

/** All that can open, in all their windows; and eager enough to be opened by a few calls. */
const ALL: readonly (readonly [string, Options])[] = [
  ['counter', {}],
  ['consecutive', {}],
  ['resilience4j', { halfOpenWait: '10s' }],
  ['resilience4j', { window: 'time', span: '20s', minimumCalls: 10, halfOpenWait: '10s' }],
  ['resilience4j', { minimumCalls: 10, automatic: true, halfOpenWait: '10s', afterWait: 'closed' }],
  ['polly', { throughput: 10 }],
  ['cockatiel', {}],
  ['cockatiel', { rule: 'count', size: 20, halfOpenCalls: 3 }],
  ['cockatiel', { rule: 'sampling', minimumRate: '1/s' }],
  ['linkerd', {}],
  ['linkerd', { failures: 'none' }],
  ['finagle', {}],
];
const HOUR: Millis = 3_600_000;

const one = (breaker: Breaker, now: Millis, ok = false): void => {
  if (breaker.admits(now)) breaker.settled(now, breaker.sent(now), ok ? 'ok' : 'timeout', 0);
};

/** Failures at `now` until it is open, and how many that took. */
const trip = (breaker: Breaker, now: Millis): number => {
  for (let failures = 1; failures <= 1000; failures++) {
    one(breaker, now);
    if (breaker.state(now) === 'open') return failures;
  }
  throw new Error('a thousand failures did not open it');
};

/** All half-open calls it lets through, sent. */
const probe = (breaker: Breaker, now: Millis): number[] => {
  const permits: number[] = [];
  while (breaker.admits(now) && breaker.state(now) === 'half-open') permits.push(breaker.sent(now));
  return permits;
};

const settle = (breaker: Breaker, now: Millis, permits: readonly number[], ok: boolean): void => {
  for (const permit of permits) breaker.settled(now, permit, ok ? 'ok' : 'timeout', 0);
};

/** Lengths of this many breaks in a row, all half-open calls failing. */
const breaksOf = (breaker: Breaker, count: number, from: Millis = 0): Millis[] => {
  let now = from;
  trip(breaker, now);
  return Array.from({ length: count }, () => {
    const openedAt = now;
    now = breaker.wakeAt(now);
    settle(breaker, now, probe(breaker, now), false);
    return now - openedAt;
  });
};

it('speaks of every breaker there is, but for the one that never opens', () => {
  const spoken = new Set(ALL.map(([name]) => name));
  expect(Object.keys(BREAKERS).filter((name) => !spoken.has(name))).toEqual(['none']);
});

describe.each(ALL)('%s %j', (name, options) => {
  it('is not stuck half-open by calls that never end', () => {
    const breaker = made(name, options);
    trip(breaker, 0);
    let now = breaker.wakeAt(0);
    expect(probe(breaker, now).length).toBeGreaterThan(0);
    expect(breaker.admits(now)).toBe(false);
    for (let wakes = 0; !breaker.admits(now) && wakes < 3; wakes++) now = breaker.wakeAt(now);
    expect(breaker.admits(now)).toBe(true);
  });

  it('does not hear half-open calls that it has given up', () => {
    const breaker = made(name, options);
    trip(breaker, 0);
    const firstAt = breaker.wakeAt(0);
    const lost = probe(breaker, firstAt);
    let now = firstAt;
    while (!breaker.admits(now)) now = breaker.wakeAt(now);
    const before = [breaker.state(now), breaker.admits(now), breaker.wakeAt(now)];
    settle(breaker, now, lost, true);
    settle(breaker, now, lost, false);
    expect([breaker.state(now), breaker.admits(now), breaker.wakeAt(now)]).toEqual(before);
  });

  it('does not pass over failures while it is half-open', () => {
    const breaker = made(name, options);
    trip(breaker, 0);
    const now = breaker.wakeAt(0);
    settle(breaker, now, probe(breaker, now), false);
    expect(breaker.state(now)).toBe('open');
  });

  it('opens again only by what happened since it closed', () => {
    const breaker = made(name, options);
    const fresh = trip(made(name, options), 0);
    trip(breaker, 0);
    const now = breaker.wakeAt(0);
    settle(breaker, now, probe(breaker, now), true);
    expect(breaker.state(now)).toBe('closed');
    const again = trip(breaker, now);
    // cockatiel begins the closed window with the success that closed it, and so is one call nearer to its minimum.
    expect([fresh, fresh - 1]).toContain(again);
    expect(again).toBeGreaterThan(1);
  });

  it('counts as ever after an idle time of any length, beyond 32 bits of milliseconds too', () => {
    const fresh = trip(made(name, options), 0);
    for (const idle of [2 ** 31, 2 ** 32 + 1, 60 * 24 * HOUR, 100 * 365 * 24 * HOUR]) {
      const breaker = made(name, options);
      one(breaker, 0, true);
      // Apart in time after the gap: a clock that lags behind would forget each failure at the next one.
      let failures = 0;
      while (breaker.state(idle + failures) === 'closed' && failures < 1000)
        one(breaker, idle + failures++);
      // Where calls have no age, the success before the gap was one of the minimum.
      expect([idle, failures === fresh || failures === fresh - 1]).toEqual([idle, true]);
    }
  });
});

describe('half-open calls without an end', () => {
  it.each([
    ['counter', { patience: 'none' }],
    ['consecutive', { patience: 'none' }],
    ['cockatiel', { patience: 'none' }],
    ['finagle', { patience: 'none' }],
    ['linkerd', { longest: 'none' }],
    ['resilience4j', {}],
  ])('hold %s %j for ever, as it was told', (name, options) => {
    const breaker = made(name, options);
    trip(breaker, 0);
    const now = breaker.wakeAt(0);
    probe(breaker, now);
    expect(breaker.wakeAt(now)).toBe(NEVER);
    expect(breaker.admits(now + 1000 * HOUR)).toBe(false);
  });

  it('are waited for as long as a break by Polly, and then another call is let through', () => {
    const breaker = made('polly');
    trip(breaker, 0);
    probe(breaker, 5000);
    expect(breaker.wakeAt(5000)).toBe(10_000);
    expect(breaker.admits(9999)).toBe(false);
    expect(probe(breaker, 10_000)).toHaveLength(1);
  });

  it('count as failed for linkerd after its longest break, and the next break is longer', () => {
    const breaker = made('linkerd', { jitter: '0%', longest: '8s' });
    trip(breaker, 0);
    probe(breaker, 1000);
    expect(breaker.state(8999)).toBe('half-open');
    expect(breaker.state(9000)).toBe('open');
    expect(breaker.wakeAt(9000)).toBe(11_000);
  });
});

describe('a minimum of calls larger than the window', () => {
  it('is refused where the window could never hold as many', () => {
    const written = { rule: 'count', size: 10, minimumCalls: 11 };
    expect(() => made('cockatiel', written)).toThrow(/minimumCalls/);
    expect(() => made('cockatiel', { ...written, minimumCalls: 10 })).not.toThrow();
  });

  it('is cut down to the window where the original does that, and neither one call nor none opens it', () => {
    const breaker = made('resilience4j', { size: 10, minimumCalls: 1000 });
    expect(trip(breaker, 0)).toBe(10);
  });

  it('is cut down to the half-open calls as well', () => {
    const breaker = made('resilience4j', { size: 10, minimumCalls: 1000, halfOpenCalls: 3 });
    trip(breaker, 0);
    const now = breaker.wakeAt(0);
    settle(breaker, now, probe(breaker, now), true);
    expect(breaker.state(now)).toBe('closed');
  });
});

describe('at the threshold itself', () => {
  /** Its state after some successes and then some failures. */
  const after = (breaker: Breaker, successes: number, failures: number): string => {
    for (let k = 0; k < successes; k++) one(breaker, 0, true);
    for (let k = 0; k < failures; k++) one(breaker, 0);
    return breaker.state(0);
  };

  it('resilience4j opens (>=)', () => {
    const options = { size: 20, failureRate: '35%' };
    expect(after(made('resilience4j', options), 13, 7)).toBe('open');
    expect(after(made('resilience4j', options), 14, 6)).toBe('closed');
  });

  it('Polly opens (>=)', () => {
    const options = { throughput: 100, failureRatio: '7%' };
    expect(after(made('polly', options), 93, 7)).toBe('open');
    expect(after(made('polly', options), 94, 6)).toBe('closed');
  });

  it('cockatiel stays closed (>)', () => {
    const options = { rule: 'count', size: 100, threshold: '7%' };
    expect(after(made('cockatiel', options), 93, 7)).toBe('closed');
    expect(after(made('cockatiel', options), 92, 8)).toBe('open');
  });

  it('cockatiel stays closed (>) over time and half-open too', () => {
    const sampling = { rule: 'sampling', duration: '5s', minimumRate: '2/s', threshold: '50%' };
    expect(after(made('cockatiel', sampling), 5, 5)).toBe('closed');
    expect(after(made('cockatiel', sampling), 5, 6)).toBe('open');
    const breaker = made('cockatiel', { halfOpenCalls: 10, halfOpenThreshold: '30%' });
    trip(breaker, 0);
    const now = breaker.wakeAt(0);
    const permits = probe(breaker, now);
    settle(breaker, now, permits.slice(0, 3), false);
    settle(breaker, now, permits.slice(3), true);
    expect(breaker.state(now)).toBe('closed');
  });

  it('linkerd stays closed (<)', () => {
    const options = { failures: 'none', successRate: '80%', minimumCalls: 10 };
    expect(after(made('linkerd', options), 8, 2)).toBe('closed');
    expect(after(made('linkerd', options), 7, 3)).toBe('open');
  });

  it('failures in a row open at the number itself (>=)', () => {
    for (const name of ['consecutive', 'cockatiel', 'linkerd', 'finagle']) {
      const options = { failures: 4, ...(name === 'linkerd' ? { successRate: 'none' } : {}) };
      expect([name, after(made(name, options), 9, 3)]).toEqual([name, 'closed']);
      expect([name, after(made(name, options), 9, 4)]).toEqual([name, 'open']);
    }
  });
});

describe('breaks', () => {
  const GROWING: readonly (readonly [string, Options])[] = [
    ['consecutive', { recovery: '1s', longest: '10s', jitter: '0%' }],
    ['resilience4j', { recovery: '1s', growth: 2, longest: '10s' }],
    ['cockatiel', { recovery: '1s', growth: 2, longest: '10s' }],
    ['linkerd', { recovery: '1s', longest: '10s', jitter: '0%' }],
  ];
  const whole = (lengths: readonly Millis[]): number[] => lengths.map(Math.round);

  it.each(GROWING)('of %s %j double up to their cap', (name, options) => {
    expect(whole(breaksOf(made(name, options), 6))).toEqual(
      [1, 2, 4, 8, 10, 10].map((s) => s * 1000),
    );
  });

  it.each(GROWING)('of %s %j start over when it closes, and not before', (name, options) => {
    const breaker = made(name, options);
    breaksOf(breaker, 3);
    // Half-open once more: neither the break that ended nor a part of the answers has made it well.
    let now = breaker.wakeAt(7000);
    const permits = probe(breaker, now);
    settle(breaker, now, permits, false);
    expect(Math.round(breaker.wakeAt(now) - now)).toBe(10_000);
    now = breaker.wakeAt(now);
    settle(breaker, now, probe(breaker, now), true);
    expect(breaker.state(now)).toBe('closed');
    expect(whole(breaksOf(breaker, 2, now + 1))).toEqual([1000, 2000]);
  });

  const JITTERED: readonly (readonly [string, Options])[] = [
    ['consecutive', {}],
    ['linkerd', {}],
    ['finagle', {}],
    ['resilience4j', { jitter: '50%' }],
    ['cockatiel', { jitter: '50%' }],
  ];

  it.each(JITTERED)('of %s %j differ from server to server', (name, options) => {
    const seconds = Array.from({ length: 50 }, (_, server) => {
      const dice = sequential(1, `breaker ${server}`);
      return breaksOf(made(name, options, dice), 2)[1]!;
    });
    expect(new Set(seconds).size).toBeGreaterThan(45);
    const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
    expect(most / least).toBeGreaterThan(1.2);
  });

  it('of Finagle are 5 s to the dot at first: what trips together tries again together once', () => {
    const firsts = Array.from(
      { length: 20 },
      (_, server) => breaksOf(made('finagle', {}, sequential(1, `breaker ${server}`)), 1)[0],
    );
    expect(new Set(firsts)).toEqual(new Set([5000]));
  });

  it('never pass their cap, however chance falls', () => {
    for (const [name, options] of [...GROWING, ...JITTERED]) {
      const longest = 20_000;
      const capped = {
        ...options,
        longest: '20s',
        ...(name === 'finagle' ? {} : { jitter: '100%' }),
      };
      for (let seed = 0; seed < 20; seed++) {
        const lengths = breaksOf(made(name, capped, sequential(seed, name)), 12);
        expect([name, Math.max(...lengths) <= longest + 0.002]).toEqual([name, true]);
      }
    }
  });
});
