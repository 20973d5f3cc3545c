import { expect, test } from 'vitest';
import { leaderOf } from '../../src/results/leader.ts';
import type { ContenderResults } from '../../src/results/results.ts';
import { around, contender, field } from './fixture.ts';

interface Score {
  readonly errors?: number;
  readonly p99?: number;
  readonly cost?: number;
  readonly meets?: boolean;
}

const scored = (
  name: string,
  { errors = 0.1, p99 = 100, cost = 1000, meets = true }: Score,
): ContenderResults =>
  contender(
    name,
    {
      errorRate: around(errors, 0.001, 10),
      latencyMsP99: around(p99, 1, 10),
      serverSeconds: around(cost, 0, 10),
    },
    { slo: [{ metric: 'latencyMsP99', limit: 500, mean: p99, met: meets }] },
  );

const leader = (...contenders: readonly ContenderResults[]): string | undefined =>
  leaderOf(field(contenders))?.name;

test('the first judged metric decides, whatever the second says', () => {
  const few = scored('few errors', { errors: 0.05, p99: 300 });
  expect(leader(scored('fast', { p99: 100 }), few)).toBe('few errors');
});

test('the second decides among those who share the place on the first', () => {
  expect(leader(scored('slow', { p99: 300 }), scored('fast', { p99: 100 }))).toBe('fast');
});

test('of equals the cheapest leads', () => {
  expect(leader(scored('dear', { cost: 2000 }), scored('cheap', { cost: 1000 }))).toBe('cheap');
});

test('of equals one that meets its objectives comes before a cheaper one that misses them', () => {
  const missing = scored('cheap', { cost: 1000, meets: false });
  expect(leader(missing, scored('dear', { cost: 2000 }))).toBe('dear');
  expect(leader(missing, scored('dear too', { cost: 2000, meets: false }))).toBe('cheap');
});

test('of equals at one price the better mean leads', () => {
  expect(leader(scored('a', { p99: 101 }), scored('b', { p99: 100 }))).toBe('b');
});

test('a contender alone leads, ranked or not', () => {
  expect(leader({ ...scored('alone', {}), stable: false })).toBe('alone');
});

test('where nobody is ranked there is no leader, and one who is not never leads the others', () => {
  const unstable = (name: string) => ({ ...scored(name, { errors: 0 }), stable: false });
  expect(leader(unstable('a'), unstable('b'))).toBeUndefined();
  expect(leader(unstable('a'), scored('b', {}))).toBe('b');
});
