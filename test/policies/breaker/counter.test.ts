import { describe, expect, it } from 'vitest';
import { NEVER } from '../../../src/core/units.ts';
import { CounterBreaker, type CounterOptions } from '../../../src/policies/breaker/counter.ts';
import { play, times } from './timeline.ts';

const breaker = (change: Partial<CounterOptions> = {}) =>
  new CounterBreaker({
    failures: 5,
    recovery: 30_000,
    halfOpenCalls: 3,
    window: 60_000,
    patience: null,
    counts: ['transport', '5xx', 'overloaded'],
    ...change,
  });

describe('a closed circuit', () => {
  it('opens at the fifth failure, not before', () => {
    play(breaker(), [
      ...times(4, 0, 'fail', 'closed', true),
      [1, 'fail', 'open', false],
      [30_000, 'look', 'open', false],
    ]);
  });

  it('takes one failure back for each success', () => {
    play(breaker(), [
      ...times(4, 0, 'fail', 'closed'),
      ...times(2, 1, 'ok', 'closed'),
      ...times(2, 2, 'fail', 'closed'),
      [3, 'fail', 'open'],
    ]);
  });

  it('never trips on failures that alternate with successes', () => {
    const turns = Array.from({ length: 500 }, (_, now) => [
      [now, 'fail', 'closed'] as const,
      [now, 'ok', 'closed'] as const,
    ]);
    play(breaker(), turns.flat());
  });

  it('does not save successes up', () => {
    play(breaker(), [
      ...times(100, 0, 'ok', 'closed'),
      ...times(4, 1, 'fail', 'closed'),
      [2, 'fail', 'open'],
    ]);
  });

  it('forgets a failure when it is as old as the window', () => {
    play(breaker(), [
      ...times(4, 0, 'fail', 'closed'),
      [60_000, 'fail', 'closed'],
      ...times(3, 60_001, 'fail', 'closed'),
      [60_002, 'fail', 'open'],
    ]);
    play(breaker(), [...times(4, 0, 'fail', 'closed'), [59_999, 'fail', 'open']]);
  });

  it('takes a failure back that still counts, rather than one that is forgotten', () => {
    play(breaker({ failures: 2 }), [
      [0, 'fail', 'closed'],
      [50_000, 'ok', 'closed'],
      [50_000, 'fail', 'closed'],
      [120_000, 'look', 'closed'],
    ]);
    play(breaker({ failures: 3 }), [
      [0, 'fail', 'closed'],
      [50_000, 'fail', 'closed'],
      [61_000, 'ok', 'closed'],
      ...times(2, 62_000, 'fail', 'closed'),
      [63_000, 'fail', 'open'],
    ]);
  });

  it('never forgets without a window', () => {
    play(breaker({ window: null }), [...times(4, 0, 'fail', 'closed'), [1e9, 'fail', 'open']]);
  });

  it('takes a tool error, a lost session and a cancelled call for no failure', () => {
    play(breaker({ failures: 1 }), [
      [0, 'tool-error', 'closed'],
      [0, 'session-lost', 'closed'],
      [0, 'cancelled', 'closed'],
      [0, 'http-5xx', 'open'],
    ]);
  });
});

describe('an open circuit', () => {
  const open = () => {
    const opened = breaker({ failures: 1 });
    play(opened, [[0, 'fail', 'open', false]]);
    return opened;
  };

  it('is half-open after its recovery time, to the millisecond', () => {
    play(open(), [
      [29_999.999, 'look', 'open', false],
      [30_000, 'look', 'half-open', true],
    ]);
    expect(open().wakeAt(10)).toBe(30_000);
    expect(open().wakeAt(30_000)).toBe(NEVER);
  });

  it('stays half-open for as long as nobody calls', () => {
    play(open(), [[1e9, 'look', 'half-open', true]]);
  });

  it('lets three calls through at a time, and a cancelled one makes room', () => {
    play(open(), [
      [30_000, 'send A', 'half-open', true],
      [30_000, 'send B', 'half-open', true],
      [30_000, 'send C', 'half-open', false],
      [30_001, 'cancel B', 'half-open', true],
      [30_001, 'send D', 'half-open', false],
    ]);
  });

  it('closes at the first success, and starts counting from nothing', () => {
    play(open(), [
      [30_000, 'send A', 'half-open'],
      [30_000, 'send B', 'half-open'],
      [30_001, 'ok A', 'closed', true],
      [30_002, 'fail B', 'closed', true],
      [30_003, 'fail', 'open'],
    ]);
  });

  it('opens anew at a failure, for a whole recovery time', () => {
    play(open(), [
      [35_000, 'send A', 'half-open'],
      [36_000, 'fail A', 'open', false],
      [65_999, 'look', 'open'],
      [66_000, 'look', 'half-open', true],
    ]);
  });

  it('says why it changed', () => {
    const opened = open();
    expect(opened.because()).toBe('1 failure, the last: timeout');
    const trial = opened.sent(30_000);
    expect(opened.because()).toBe('30s have passed');
    opened.settled(30_001, trial, 'reset', 1);
    expect(opened.because()).toBe('a half-open call failed: reset');
  });

  it('refuses to be used against its word', () => {
    expect(() => open().sent(10)).toThrow('through an open circuit');
    const half = open();
    for (let k = 0; k < 3; k++) half.sent(30_000);
    expect(() => half.sent(30_000)).toThrow('too many half-open calls');
  });
});
