import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

const BUDGETS = ['token bucket', 'share in flight', 'throttle'];

describe('retry-budget', () => {
  const lesson = new Lesson('retry-budget', { seeds: '2' });
  const errors = (name: string, from: number, to: number): number =>
    lesson.meanBetween(name, 'errorRate', from, to);

  test('without a budget the storm never ends', () => {
    expect(errors('no budget', 200_000, 240_000)).toBeGreaterThan(0.9);
  });

  test.each(BUDGETS)('with a %s it ends', (name) => {
    expect(lesson.inEveryRun(name, 'errorRate')).toBe('better');
    expect(errors(name, 210_000, 240_000)).toBeLessThan(0.01);
  });

  test('what ends it sooner lets fewer of the good retries through', () => {
    const flaky = BUDGETS.map((name) => errors(name, 32_000, 88_000));
    expect(flaky).toEqual(flaky.toSorted((a, b) => a - b));
    expect(flaky[0]).toBeLessThan(0.006);
    expect(flaky[2]).toBeGreaterThan(0.08);
    const storm = BUDGETS.map((name) => errors(name, 120_000, 240_000));
    expect(storm).toEqual(storm.toSorted((a, b) => b - a));
  });
});

describe('hedging', () => {
  const lesson = new Lesson('hedging', { seeds: '2' });
  const extra = (name: string): number =>
    lesson.mean(name, 'attempts') / lesson.mean('no hedging', 'attempts') - 1;

  test('a hedge takes the slow server and the pauses out of the tail', () => {
    expect(lesson.inEveryRun('hedge after 200ms', 'latencyMsP99')).toBe('better');
    expect(lesson.inEveryRun('hedge after 200ms', 'errorRate')).toBe('better');
    expect(lesson.mean('hedge after 200ms', 'latencyMsP99')).toBeLessThan(500);
  });

  test('hedging below the median costs several times as much', () => {
    expect(extra('hedge after 200ms')).toBeLessThan(0.12);
    expect(extra('hedge after 50ms')).toBeGreaterThan(5 * extra('hedge after 200ms'));
  });
});

describe('hedging-overload', () => {
  const lesson = new Lesson('hedging-overload', { seeds: '2' });

  test('without hedges the fleet is well, with them every call is made twice', () => {
    expect(lesson.inEveryRun('no hedging', 'latencyMsP99')).toBe('better');
    expect(lesson.mean('hedge after 200ms', 'attempts')).toBeGreaterThan(
      1.9 * lesson.mean('no hedging', 'attempts'),
    );
  });

  test('legacy servers answer nobody in time', () => {
    expect(lesson.mean('hedge after 200ms, legacy servers', 'errorRate')).toBeGreaterThan(0.99);
  });

  test('a budget, or a delay in the tail, keeps it from melting', () => {
    for (const name of ['hedge after 200ms, within a budget', 'hedge after 1s'])
      expect(lesson.inEveryRun(name, 'latencyMsP99')).toBe('better');
  });
});
