import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

describe('hpa-step', () => {
  const lesson = new Lesson('hpa-step', { seeds: '2' });

  test('the KPA loses a third of the calls that the HPA on CPU loses, or fewer', () => {
    expect(lesson.inEveryRun('kpa', 'errorRate')).toBe('better');
    expect(lesson.mean('kpa', 'errorRate')).toBeLessThan(lesson.mean('hpa', 'errorRate') / 3);
  });

  test('an HPA that counts requests is between them', () => {
    const present = lesson.mean('hpa on requests present', 'errorRate');
    expect(present).toBeLessThan(lesson.mean('hpa', 'errorRate'));
    expect(present).toBeGreaterThan(lesson.mean('kpa', 'errorRate'));
  });

  test('before the step nobody fails, and a minute and a half after it the KPA has what it needs', () => {
    for (const { name } of lesson.results.contenders)
      expect(lesson.meanBetween(name, 'errorRate', 0, 116_000)).toBeLessThan(0.001);
    expect(lesson.meanBetween('kpa', 'errorRate', 210_000, 480_000)).toBeLessThan(0.001);
  });
});

describe('flapping', () => {
  const lesson = new Lesson('flapping', { seeds: '2' });

  test('the window takes the errors away, and costs servers', () => {
    expect(lesson.inEveryRun('window of 300s', 'errorRate')).toBe('better');
    expect(lesson.inEveryRun('window of 300s', 'serverSeconds')).toBe('worse');
  });

  test('without it the fleet follows every wave', () => {
    expect(lesson.mean('no window', 'scaleDowns')).toBeGreaterThan(12);
    expect(lesson.mean('window of 300s', 'scaleDowns')).toBeLessThan(2);
  });
});

describe('metric-outage', () => {
  const only = ['hpa, no window', 'kpa'];
  const lesson = new Lesson('metric-outage', { seeds: '2' });

  test('zeros scale an HPA without a window in to its minimum', () => {
    expect(lesson.meanBetween('hpa, no window', 'serversReady', 180_000, 355_000)).toBeCloseTo(
      2,
      0,
    );
    expect(lesson.mean('hpa, no window', 'errorRate')).toBeGreaterThan(0.05);
  });

  test.each(['hpa, window of 300s', 'hpa, no window, requests present too', 'kpa'])(
    '%s is not taken in',
    (name) => {
      expect(lesson.inEveryRun(name, 'errorRate')).toBe('better');
      expect(lesson.mean(name, 'errorRate')).toBeLessThan(0.001);
    },
  );

  test('without any value the same HPA does not scale in', () => {
    const silent = new Lesson('metric-outage', {
      seeds: '2',
      only,
      set: ['faults.1.metrics=nothing'],
    });
    expect(silent.mean('hpa, no window', 'errorRate')).toBeLessThan(0.01);
  });

  test('the window must be longer than the outage', () => {
    const longer = new Lesson('metric-outage', {
      seeds: '2',
      only: ['hpa, window of 300s'],
      set: ['faults.1.for=7m'],
    });
    expect(longer.mean('hpa, window of 300s', 'errorRate')).toBeGreaterThan(0.02);
  });
});

describe('hot-pod', () => {
  const lesson = new Lesson('hot-pod', { seeds: '2' });

  test('the mean says that all is well while old servers refuse calls', () => {
    expect(lesson.mean('pinned for good', 'utilisation')).toBeLessThan(0.7);
    expect(Object.keys(lesson.contender('pinned for good').failures)[0]).toBe('overloaded');
    const busy = lesson.contender('pinned for good').servers.map((row) => row.utilisation ?? NaN);
    expect(Math.max(...busy)).toBeGreaterThan(0.8);
    expect(Math.min(...busy)).toBeLessThan(0.3);
  });

  test('rebalancing spreads the sessions, and modern ones need no spreading', () => {
    for (const name of ['rebalanced', 'modern']) {
      expect(lesson.inEveryRun(name, 'errorRate')).toBe('better');
      expect(lesson.inEveryRun(name, 'latencyMsP99')).toBe('better');
    }
  });
});

describe('deploy', () => {
  const lesson = new Lesson('deploy', { seeds: '2' });
  const lost = (name: string): number => lesson.mean(name, 'sessionsLost');

  test('every deploy starts four servers and takes the four old ones', () => {
    expect(lesson.mean('stopped at once', 'scaleUps')).toBe(12);
    expect(lesson.mean('stopped at once', 'scaleDowns')).toBe(12);
  });

  test('a drain longer than sessions loses none of them', () => {
    expect(lesson.inEveryRun('drains for 5m', 'sessionsLost')).toBe('better');
    expect(lost('drains for 5m')).toBe(0);
    expect(lost('drains for 30s')).toBeLessThan(0.6 * lost('stopped at once'));
  });

  test('a client that starts anew loses a call, not the rest of its session', () => {
    expect(lesson.mean('drains for 30s, clients start anew', 'errorRate')).toBeLessThan(
      lesson.mean('drains for 30s', 'errorRate') / 4,
    );
    expect(lost('modern')).toBe(0);
  });
});
