/** What is special about each of the breakers that follow a product, told as timelines. */
import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { NEVER, type Millis } from '../../../src/core/units.ts';
import type { Breaker } from '../../../src/policies/breaker/breaker.ts';
import { BREAKERS } from '../../../src/policies/breaker/index.ts';
import { play, times } from './timeline.ts';

const made = (name: string, options: Readonly<Record<string, unknown>> = {}): Breaker => {
  const entry = BREAKERS[name]!;
  return entry.make(entry.options.parse(options) as never, sequential(1, name));
};

const call = (breaker: Breaker, now: Millis, outcome: Outcome, tookMs = 0): void =>
  breaker.settled(now, breaker.sent(now), outcome, tookMs);

describe('resilience4j', () => {
  const small = { size: 5, minimumCalls: 5, halfOpenCalls: 2, recovery: '5s' };

  it('lets the first call through strictly after the break', () => {
    const steps = [...times(4, 0, 'fail', 'closed'), [0, 'fail', 'open']] as const;
    play(made('resilience4j', small), [
      ...steps,
      [5000, 'look', 'open', false],
      [5000.001, 'look', 'half-open', true],
    ]);
    play(made('resilience4j', { ...small, automatic: true }), [
      ...steps,
      [4999.999, 'look', 'open', false],
      [5000, 'look', 'half-open', true],
    ]);
  });

  it('takes a call for slow that is longer than `slow`, not one as long', () => {
    const options = { ...small, slow: '1s', slowRate: '60%' };
    const [asLong, longer] = [made('resilience4j', options), made('resilience4j', options)];
    for (let k = 0; k < 5; k++) {
      call(asLong, 0, 'ok', 1000);
      call(longer, 0, 'ok', k < 2 ? 0 : 1000.001);
    }
    expect([asLong.state(0), longer.state(0)]).toEqual(['closed', 'open']);
    expect(longer.because()).toBe('60% of 5 calls took longer than 1s');
  });

  it('decides half-open only when all its calls have ended', () => {
    play(made('resilience4j', small), [
      ...times(4, 0, 'fail', 'closed'),
      [0, 'fail', 'open'],
      [6000, 'send A', 'half-open', true],
      [6000, 'send B', 'half-open', false],
      [6001, 'fail A', 'half-open', false],
      [6002, 'ok B', 'open', false],
    ]);
  });

  it('opens after `halfOpenWait`, or closes if it is told to', () => {
    const steps = [
      ...times(4, 0, 'fail', 'closed'),
      [0, 'fail', 'open'],
      [6000, 'send A', 'half-open', true],
      [8999, 'look', 'half-open', true],
    ] as const;
    const wait = { ...small, halfOpenWait: '3s' };
    play(made('resilience4j', wait), [
      ...steps,
      [9000, 'look', 'open', false],
      [14_000, 'look', 'open', false],
      [14_001, 'look', 'half-open', true],
    ]);
    play(made('resilience4j', { ...wait, afterWait: 'closed' }), [
      ...steps,
      [9000, 'look', 'closed', true],
    ]);
  });

  it('counts its wait from the first half-open call, with `automatic` from the end of the break', () => {
    const wait = { ...small, halfOpenWait: '3s' };
    for (const [automatic, wakeAt] of [
      [false, NEVER],
      [true, 8000],
    ] as const) {
      const breaker = made('resilience4j', { ...wait, automatic });
      for (let k = 0; k < 5; k++) call(breaker, 0, 'timeout');
      expect(breaker.wakeAt(5001)).toBe(wakeAt);
    }
  });

  it('left alone with `automatic` and a wait, is at any time what it would be had it been watched', () => {
    const options = { ...small, automatic: true, halfOpenWait: '3s', growth: 1.5, longest: '20s' };
    const breaker = made('resilience4j', options);
    for (let k = 0; k < 5; k++) call(breaker, 0, 'timeout');
    let now = 0;
    const lengths: Millis[] = [];
    let isOpen = true;
    for (let step = 0; step < 200; step++) {
      const next = breaker.wakeAt(now);
      expect(breaker.state(next)).toBe(isOpen ? 'half-open' : 'open');
      expect(breaker.state(next - 0.001)).toBe(isOpen ? 'open' : 'half-open');
      if (isOpen) lengths.push(next - now);
      else expect(next - now).toBeCloseTo(3000, 6);
      now = next;
      isOpen = !isOpen;
    }
    expect(lengths.slice(0, 5)).toEqual([5000, 7500, 11_250, 16_875, 20_000]);
    expect(Math.max(...lengths)).toBeCloseTo(20_000, 6);
  });

  it('counts seconds, and lets go of a second at once', () => {
    const options = { window: 'time', span: '2s', minimumCalls: 3, failureRate: '100%' };
    play(made('resilience4j', options), [
      [0, 'fail', 'closed'],
      [999, 'fail', 'closed'],
      [2000, 'fail', 'closed'],
      [2500, 'fail', 'closed'],
      [3999, 'fail', 'open'],
    ]);
  });
});

describe('Polly', () => {
  it('judges when a call fails, never when one succeeds', () => {
    const options = { throughput: 4, failureRatio: '50%' };
    play(made('polly', options), [
      ...times(2, 0, 'fail', 'closed'),
      ...times(2, 0, 'ok', 'closed'),
      [0, 'fail', 'open'],
    ]);
  });

  it('empties its window when it closes', () => {
    play(made('polly', { throughput: 4 }), [
      ...times(3, 0, 'fail', 'closed'),
      [0, 'fail', 'open'],
      [5000, 'ok', 'closed'],
      ...times(3, 5000, 'fail', 'closed'),
      [5000, 'fail', 'open'],
    ]);
  });
});

describe('linkerd', () => {
  it('counts a 429 for the rate and not for the run, which it ends', () => {
    const run = made('linkerd', { failures: 3, successRate: 'none' });
    for (const outcome of ['timeout', 'timeout', 'throttled', 'timeout', 'timeout'] as const)
      call(run, 0, outcome);
    expect(run.state(0)).toBe('closed');
    call(run, 0, 'timeout');
    expect(run.state(0)).toBe('open');
    const rate = made('linkerd', { failures: 'none', minimumCalls: 4 });
    for (let k = 0; k < 4; k++) call(rate, 0, 'throttled');
    expect(rate.because()).toBe('0% of 4 calls succeeded');
  });

  it('fails a half-open call by a 429', () => {
    const breaker = made('linkerd', { failures: 1, jitter: '0%' });
    call(breaker, 0, 'timeout');
    call(breaker, 1000, 'throttled');
    expect(breaker.wakeAt(1000)).toBe(3000);
  });
});

describe('Finagle', () => {
  it('judges the rate only after a whole window, and again after each revival', () => {
    const breaker = made('finagle', { failures: 1000, window: '10s' });
    for (let second = 0; second < 10; second++) call(breaker, second * 1000, 'timeout');
    expect(breaker.state(9000)).toBe('closed');
    call(breaker, 10_000, 'timeout');
    expect(breaker.state(10_000)).toBe('open');
    call(breaker, 15_000, 'ok');
    for (let second = 15; second < 25; second++) call(breaker, second * 1000, 'timeout');
    expect(breaker.state(24_000)).toBe('closed');
    call(breaker, 25_000, 'timeout');
    expect(breaker.state(25_000)).toBe('open');
  });

  it('probes again at once when a probe fails that neither rule condemns', () => {
    const breaker = made('finagle', { failures: 1000, window: '1s' });
    for (let now = 0; now <= 1000; now += 100) call(breaker, now, 'timeout');
    expect(breaker.state(1000)).toBe('open');
    call(breaker, 6000, 'timeout');
    expect([breaker.state(6000), breaker.admits(6000)]).toEqual(['half-open', true]);
  });
});

describe('cockatiel', () => {
  it('lets go of all failures from before an idle gap', () => {
    const options = { rule: 'sampling', duration: '5s', minimumRate: '1/s', threshold: '50%' };
    play(made('cockatiel', options), [
      ...times(4, 0, 'fail', 'closed'),
      ...times(4, 300_000, 'fail', 'closed'),
      [300_000, 'fail', 'open'],
    ]);
  });

  it('reopens as soon as too many half-open calls have failed, and closes when all have ended', () => {
    const options = { failures: 1, halfOpenCalls: 3, halfOpenThreshold: '34%' };
    const start = [
      [0, 'fail', 'open'],
      [10_000, 'fail', 'half-open', true],
    ] as const;
    play(made('cockatiel', options), [...start, [10_000, 'fail', 'open']]);
    play(made('cockatiel', options), [
      ...start,
      [10_000, 'ok', 'half-open', true],
      [10_000, 'ok', 'closed', true],
    ]);
  });
});
