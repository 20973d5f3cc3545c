import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

describe('flaky', () => {
  const lesson = new Lesson('flaky', { seeds: '2' });

  test('the breaker takes most of the errors away', () => {
    const without = lesson.mean('without breaker', 'errorRate');
    expect(without).toBeGreaterThan(0.01);
    expect(lesson.mean('with breaker', 'errorRate')).toBeLessThan(without / 5);
  });

  test('without it the tool that must not be repeated suffers most', () => {
    const [search, report] = lesson.contender('without breaker').tools;
    expect(report?.errorRate).toBeGreaterThan(5 * (search?.errorRate ?? NaN));
  });
});

describe('slow-server', () => {
  const lesson = new Lesson('slow-server', { seeds: '2' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('the breaker helps round robin, and counting calls in flight helps more', () => {
    expect(errors('round-robin with breaker')).toBeLessThan(errors('round-robin') / 4);
    expect(errors('least-connections')).toBeLessThan(errors('round-robin with breaker'));
    expect(errors('power of two choices')).toBeLessThan(errors('round-robin with breaker'));
  });

  test('no health check ever finds the slow server', () => {
    for (const { metrics } of lesson.results.contenders) expect(metrics.ejections?.mean).toBe(0);
  });
});

describe('sinkhole', () => {
  const lesson = new Lesson('sinkhole', { seeds: '2' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('least-connections sends the failing server more than half of the calls while it fails unseen', () => {
    expect(lesson.meanBetween('least-connections', 'errorRate', 62_000, 100_000)).toBeGreaterThan(
      0.5,
    );
    expect(lesson.meanBetween('round-robin', 'errorRate', 62_000, 100_000)).toBeCloseTo(1 / 6, 1);
  });

  test('faster checks shorten it, and the breaker ends it', () => {
    const faster = errors('least-connections, checks every 5s');
    expect(faster).toBeLessThan(errors('least-connections') / 4);
    expect(errors('least-connections with breaker')).toBeLessThan(faster / 10);
  });
});

describe('grey-failure', () => {
  const lesson = new Lesson('grey-failure', { seeds: '10' });

  test('checking a liar more often changes nothing, run by run', () => {
    const runs = (name: string) => lesson.contender(name).runs.map(({ metrics }) => metrics);
    expect(runs('checks every 2s')).toEqual(runs('checks every 30s'));
  });

  test('the answer names the breaker', () => {
    expect(lesson.results.answer).toMatch(/^“breaker” is best in error rate/);
  });

  test('a hang repels least-connections, which the breaker beats all the same', () => {
    const least = lesson.mean('least-connections', 'errorRate');
    expect(least).toBeLessThan(lesson.mean('checks every 30s', 'errorRate') / 4);
    expect(lesson.mean('breaker', 'errorRate')).toBeLessThan(least / 2);
  });
});

describe('health', () => {
  const pair = (interval: string, unhealthy: number) =>
    `interval=${interval}, unhealthy=${unhealthy}`;
  const only = [pair('30s', 3), pair('30s', 1), pair('2s', 3), pair('2s', 1)];
  const lesson = new Lesson('health', { seeds: '3', only });

  test('the best pair just outlasts a hiccup: rarer checks and lower thresholds both cost', () => {
    const [rare, rash, best, eager] = only.map((name) => lesson.mean(name, 'errorRate'));
    expect(best).toBeLessThan(0.5 * rare!);
    expect(best).toBeLessThan(0.9 * eager!);
    expect(rash).toBeGreaterThan(rare!);
  });

  test('it ejects the server that hangs and no other', () => {
    expect(lesson.mean(pair('2s', 3), 'ejections')).toBe(1);
    expect(lesson.mean(pair('2s', 1), 'ejections')).toBeGreaterThan(5);
  });

  test('detection takes half an interval, the timeout and two further intervals', () => {
    // Uniform phase in 2 s: sd 0.58 s, over 3 seeds 0.33 s.
    const deviation = Math.abs(lesson.mean(pair('2s', 3), 'detectionMsMean') - 6000);
    expect(deviation).toBeLessThan(4 * 330);
  });
});

describe('thresholds', () => {
  const cell = (failures: number, recovery: string) => `failures=${failures}, recovery=${recovery}`;
  const only = [cell(1, '15s'), cell(5, '5s'), cell(5, '60s')];
  const lesson = new Lesson('thresholds', { seeds: '2', only });

  test('tripping on noise and recovering late both end with all circuits open', () => {
    for (const name of [cell(1, '15s'), cell(5, '60s')]) {
      expect(lesson.mean(name, 'errorRate')).toBeGreaterThan(0.2);
      expect(Object.keys(lesson.contender(name).failures)[0]).toBe('circuit-open');
    }
  });

  test('in between lies a plateau', () => {
    expect(lesson.mean(cell(5, '5s'), 'errorRate')).toBeLessThan(0.03);
  });
});
