import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

describe('retry-storm', () => {
  const lesson = new Lesson('retry-storm', { seeds: '2' });
  const goodput = (name: string, from: number, to: number): number =>
    lesson.meanBetween(name, 'goodputRps', from, to) /
    lesson.meanBetween(name, 'arrivalsRps', from, to);

  test('before the trigger all is well', () => {
    for (const { name } of lesson.results.contenders)
      expect(goodput(name, 10_000, 60_000)).toBeGreaterThan(0.98);
  });

  test('as it was, goodput stays below a tenth of arrivals after the trigger has ended', () => {
    expect(goodput('as it was', 100_000, 180_000)).toBeLessThan(0.1);
    expect(lesson.mean('as it was', 'throughputRps')).toBeGreaterThan(100);
  });

  test.each(['no retries', 'short queues', 'modern servers'])('with %s it recovers', (name) => {
    expect(goodput(name, 150_000, 180_000)).toBeGreaterThan(0.95);
  });

  test('short queues recover first', () => {
    expect(goodput('short queues', 85_000, 100_000)).toBeGreaterThan(0.9);
    expect(goodput('no retries', 85_000, 100_000)).toBeLessThan(0.1);
  });
});

describe('timeouts', () => {
  const lesson = new Lesson('timeouts', { seeds: '10' });

  test('the answer says that modern servers are better', () => {
    expect(lesson.results.answer).toMatch(/^“modern” is better than “legacy”/);
  });

  test('legacy servers finish calls that nobody waits for, modern ones do not', () => {
    const vain = (name: string) =>
      lesson.mean(name, 'throughputRps') / lesson.mean(name, 'goodputRps');
    expect(vain('legacy')).toBeGreaterThan(1.08);
    expect(vain('modern')).toBeLessThan(1.01);
  });
});

describe('burst', () => {
  const lesson = new Lesson('burst', { seeds: '4' });
  const goodput = (queue: number): number => lesson.mean(`queue=${queue}`, 'goodputRps');

  test('a queue of what can be answered in time is best', () => {
    expect(goodput(16)).toBeGreaterThan(goodput(0));
    expect(goodput(16)).toBeGreaterThan(1.1 * goodput(64));
    expect(goodput(64)).toBeGreaterThan(goodput(256));
  });
});

describe('trace', () => {
  const lesson = new Lesson('trace', { seeds: '2' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('bursts overload a fleet that is 30 % busy', () => {
    expect(lesson.mean('as it is', 'utilisation')).toBeLessThan(0.35);
    expect(errors('as it is')).toBeGreaterThan(0.03);
  });

  test('more servers carry them, a longer queue turns errors into waiting, a strategy does little', () => {
    expect(errors('two servers more')).toBeLessThan(errors('as it is') / 3);
    expect(errors('least-connections')).toBeGreaterThan(errors('as it is') / 2);
    expect(errors('longer queue')).toBeLessThan(errors('as it is') / 2);
    const latency = (name: string) => lesson.mean(name, 'latencyMsMean');
    expect(latency('longer queue')).toBeGreaterThan(1.5 * latency('as it is'));
  });
});
