import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

describe('survivor-crush', () => {
  const lesson = new Lesson('survivor-crush', { seeds: '3' });

  test('the answer: with panic the breaker does no harm', () => {
    const verdict = lesson.inEveryRun('breaker, panic below half', 'errorRate');
    expect(verdict).toBe('better');
    expect(lesson.mean('breaker', 'errorRate')).toBeGreaterThan(0.2);
    expect(lesson.mean('breaker, panic below half', 'errorRate')).toBeLessThan(0.01);
  });

  test('it is the open circuits that fail the calls, long after the fault', () => {
    expect(Object.keys(lesson.contender('breaker').failures)[0]).toBe('circuit-open');
    expect(lesson.meanBetween('breaker', 'errorRate', 180_000, 240_000)).toBeGreaterThan(0.2);
  });
});

describe('cold-server', () => {
  const lesson = new Lesson('cold-server', { seeds: '2' });

  test('a slow start takes nearly all errors of round robin away', () => {
    expect(lesson.inEveryRun('round-robin, slow start', 'errorRate')).toBe('better');
    expect(lesson.mean('round-robin, slow start', 'errorRate')).toBeLessThan(
      lesson.mean('round-robin', 'errorRate') / 10,
    );
  });

  test('least-connections hardly needs one at this size', () => {
    expect(lesson.mean('least-connections', 'errorRate')).toBeLessThan(0.005);
  });
});

describe('herd', () => {
  const lesson = new Lesson('herd', { seeds: '10' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('the answer: a slow start takes the herd from a new server', () => {
    expect(lesson.inEveryRun('least-time, slow start', 'errorRate')).toBe('better');
    expect(errors('least-time')).toBeGreaterThan(0.008);
    expect(errors('c3')).toBeGreaterThan(0.003);
    for (const cured of ['least-time, slow start', 'c3, slow start'])
      expect(errors(cured), cured).toBeLessThan(errors('c3') / 20);
  });

  test('calls are refused in the second in which a server joins, and in no other', () => {
    expect(Object.keys(lesson.contender('least-time').failures)).toEqual(['overloaded']);
    for (let joins = 15_000; joins <= 60_000; joins += 15_000) {
      const between = (from: number, to: number): number =>
        lesson.meanBetween('least-time', 'errorRate', joins + from, joins + to);
      expect(between(0, 1000)).toBeGreaterThan(0.1);
      expect(between(2000, 15_000)).toBe(0);
    }
  });

  test('counting calls, or one call at a time until it is known, draws no herd at this size', () => {
    for (const name of ['least-connections', 'peak-ewma'])
      expect(errors(name), name).toBeLessThan(0.0005);
  });
});

describe('stuck-half-open', () => {
  const lesson = new Lesson('stuck-half-open', { seeds: '2' });
  const late = (name: string): number => lesson.meanBetween(name, 'errorRate', 180_000, 240_000);

  test.each(['no deadline, endless patience', 'resilience4j, as shipped'])(
    'with %s the circuit never closes again',
    (name) => {
      expect(late(name)).toBeGreaterThan(0.08);
    },
  );

  test.each([
    'patience of 60s, as shipped',
    'patience of 5s',
    'deadline of 2s',
    'resilience4j, half-open for 10s at most',
  ])('with %s it does', (name) => {
    expect(lesson.inEveryRun(name, 'errorRate')).toBe('better');
    expect(late(name)).toBeLessThan(0.02);
  });
});

describe('tool-errors', () => {
  const lesson = new Lesson('tool-errors', { seeds: '2' });

  test('tool errors that count take good servers out', () => {
    expect(lesson.inEveryRun('tool errors do not count', 'goodputRps')).toBe('better');
    expect(lesson.mean('tool errors count', 'errorRate')).toBeGreaterThan(0.3);
    expect(lesson.mean('tool errors do not count', 'breakerOpens')).toBe(0);
  });
});

describe('small-fleet', () => {
  const lesson = new Lesson('small-fleet', { seeds: '2' });
  const runs = (name: string) => lesson.contender(name).runs.map(({ metrics }) => metrics);

  test('the cap of 10 % makes ejection do nothing, run by run', () => {
    expect(lesson.mean('envoy, as shipped', 'ejections')).toBe(0);
    expect(runs('envoy, as shipped')).toEqual(runs('no ejection'));
  });

  test('one that may go is enough, and checks that lie bring it back', () => {
    expect(lesson.inEveryRun('envoy, at least one', 'errorRate')).toBe('better');
    expect(lesson.mean('envoy, at least one, checks take back', 'ejections')).toBeGreaterThan(
      1.5 * lesson.mean('envoy, at least one', 'ejections'),
    );
  });
});

describe('next-after-failed', () => {
  const lesson = new Lesson('next-after-failed', { seeds: '2' });
  const during = (name: string): number => lesson.meanBetween(name, 'errorRate', 64_000, 148_000);
  const cures = ['ring of 1,024 points', 'one point each, bounded load', 'round-robin'];

  test('before the crash the small ring is uneven, and carries the load all the same', () => {
    expect(lesson.meanBetween('one point each', 'errorRate', 0, 58_000)).toBeLessThan(0.001);
  });

  test('the neighbour of the failed server refuses calls, and no one else', () => {
    expect(during('one point each')).toBeGreaterThan(0.15);
    const { servers } = lesson.contender('one point each');
    const busy = servers.map(({ utilisation }) => utilisation ?? NaN).sort((a, b) => b - a);
    expect(busy[0]).toBeGreaterThan(0.7);
    expect(busy[1]).toBeLessThan(0.6);
  });

  test.each(cures)('with %s all share it', (name) => {
    expect(lesson.inEveryRun(name, 'errorRate')).toBe('better');
    expect(during(name)).toBeLessThan(0.01);
  });
});
