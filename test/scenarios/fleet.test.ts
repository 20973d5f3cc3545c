import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

describe('strategies', () => {
  const lesson = new Lesson('strategies', { seeds: '2' });
  const latency = (name: string): number => lesson.mean(name, 'latencyMsMean');

  test('who knows weights or load beats who knows neither', () => {
    for (const informed of ['weighted', 'power of two choices', 'least-connections'])
      for (const blind of ['round-robin', 'random'])
        expect(latency(informed)).toBeLessThan(0.85 * latency(blind));
  });

  test('least-connections comes within a tenth of the right weights', () => {
    expect(latency('least-connections')).toBeLessThan(1.1 * latency('weighted'));
  });

  test('an equal share nearly fills the old servers and hardly touches the new', () => {
    const { servers } = lesson.contender('round-robin');
    const busiest = (group: string): number =>
      Math.max(
        ...servers.filter((row) => row.group === group).map((row) => row.utilisation ?? NaN),
      );
    expect(busiest('old')).toBeGreaterThan(0.8);
    expect(busiest('new')).toBeLessThan(0.3);
  });
});

describe('two-choices', () => {
  const lesson = new Lesson('two-choices', { seeds: '2' });
  const latency = (name: string): number => lesson.mean(name, 'latencyMsMean');

  test('two looks gain most of what looking at all gains', () => {
    const gain = (name: string): number => latency('random') - latency(name);
    expect(gain('two choices')).toBeGreaterThan(0.75 * gain('least-connections'));
  });

  test('the more is looked at, the better', () => {
    const names = ['random', 'round-robin', 'two choices', 'three choices', 'least-connections'];
    const sorted = names.toSorted((a, b) => latency(b) - latency(a));
    expect(sorted).toEqual(names);
  });
});

describe('sessions', () => {
  const lesson = new Lesson('sessions', { seeds: '2' });
  const lost = (name: string): number =>
    lesson.mean(name, 'sessionsLost') / lesson.mean(name, 'sessions');

  test('without affinity nearly every legacy session is lost', () => {
    expect(lost('no affinity')).toBeGreaterThan(0.95);
  });

  test('with affinity only those are lost whose server is gone before they end', () => {
    expect(lost('affinity')).toBeGreaterThan(0);
    expect(lost('affinity')).toBeLessThan(0.1);
    expect(lesson.mean('affinity, drains 10m', 'sessionsLost')).toBe(0);
  });

  test('servers do come and go, and modern sessions do not care', () => {
    expect(lesson.mean('modern', 'scaleUps')).toBeGreaterThan(3);
    expect(lesson.mean('modern', 'scaleDowns')).toBeGreaterThan(3);
    expect(lesson.mean('modern', 'sessionsLost')).toBe(0);
    expect(lesson.mean('modern', 'errorRate')).toBe(0);
  });

  test('a client that starts anew fails once, not to its end', () => {
    const calls = (name: string): number =>
      (lesson.contender(name).failures['session-lost'] ?? 0) / lesson.mean(name, 'sessionsLost');
    expect(calls('affinity')).toBeGreaterThan(5);
    expect(calls('affinity, clients start anew')).toBeLessThan(2);
  });
});

describe('rolling-restart', () => {
  const lesson = new Lesson('rolling-restart', { seeds: '2' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('a second attempt hides refused calls, and a breaker avoids them', () => {
    expect(errors('no retries')).toBeGreaterThan(0.03);
    expect(errors('two attempts')).toBeLessThan(0.001);
    expect(errors('breaker')).toBeLessThan(0.002);
  });

  test('what is left with two attempts are calls that died with their server', () => {
    expect(Object.keys(lesson.contender('two attempts').failures)[0]).toBe('reset');
  });
});

describe('cold-start', () => {
  const lesson = new Lesson('cold-start', { seeds: '2' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('the slower the start, the more errors', () => {
    expect(errors('starts in 90s')).toBeGreaterThan(1.5 * errors('starts in 30s'));
    expect(errors('starts in 30s')).toBeGreaterThan(1.5 * errors('starts in 5s'));
  });

  test('spare servers save the errors; a fast start saves servers', () => {
    expect(errors('starts in 90s, three spare')).toBeLessThan(errors('starts in 5s') / 10);
    const cost = (name: string): number => lesson.mean(name, 'serverSeconds');
    expect(cost('starts in 5s')).toBeLessThan(cost('starts in 90s, three spare'));
    expect(cost('starts in 5s')).toBeLessThan(cost('starts in 90s'));
  });
});

describe('replicas', () => {
  const lesson = new Lesson('replicas', { seeds: '2' });
  const meets = (count: number): boolean =>
    lesson.contender(`count=${count}`).slo.every(({ met }) => met);

  test('six servers meet the objectives, though five would do by the mean', () => {
    expect([4, 5, 6, 7, 8].filter(meets)).toEqual([6, 7, 8]);
    expect(lesson.mean('count=5', 'utilisation')).toBeLessThan(0.95);
  });
});

describe('diurnal-autoscale', () => {
  const lesson = new Lesson('diurnal-autoscale', { seeds: '2' });

  test('the threshold scaler saves servers and pays with errors', () => {
    const [fixed, shipped] = ['seven servers all day', 'threshold, as shipped'] as const;
    expect(lesson.mean(shipped, 'serverSeconds')).toBeLessThan(
      0.6 * lesson.mean(fixed, 'serverSeconds'),
    );
    expect(lesson.mean(fixed, 'errorRate')).toBeLessThan(0.001);
    expect(lesson.mean(shipped, 'errorRate')).toBeGreaterThan(0.01);
  });

  test('every run pays for at least two servers all day', () => {
    for (const { metrics } of lesson.contender('threshold, as shipped').runs)
      expect(metrics.serverSeconds).toBeGreaterThanOrEqual(2 * 3 * 3600);
  });

  test('it lets go again and again what it has just started', () => {
    expect(lesson.mean('threshold, tuned', 'scaleDowns')).toBeGreaterThan(20);
  });
});
