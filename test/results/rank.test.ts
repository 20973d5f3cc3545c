import { expect, test } from 'vitest';
import { ranks } from '../../src/results/rank.ts';
import { around, contender, gaussians, upTo } from './fixture.ts';

const p99 = (name: string, centre: number, spread = 3, n = 10) =>
  contender(name, {
    latencyMsP99: around(centre, spread, n),
    goodputRps: around(centre, spread, n),
  });

test('places go from best to worst, whichever way is better', () => {
  const contenders = [p99('b', 200), p99('c', 300), p99('a', 100)];
  expect(ranks(contenders, 'latencyMsP99')).toEqual([2, 3, 1]);
  expect(ranks(contenders, 'goodputRps')).toEqual([2, 1, 3]);
});

test('who cannot be told from the best shares the place, and the next place is skipped', () => {
  const noise = gaussians(1, 'noise', 10).map((z) => 105 + 40 * z);
  const noisy = contender('noisy', { latencyMsP99: noise });
  expect(ranks([p99('a', 100), noisy, p99('c', 300)], 'latencyMsP99')).toEqual([1, 1, 3]);
});

test('a difference within the margin shares the place however sure it is', () => {
  expect(ranks([p99('a', 100, 0), p99('b', 104, 0)], 'latencyMsP99')).toEqual([1, 1]);
  const strict = { margin: 0.01, independent: false };
  expect(ranks([p99('a', 100, 0), p99('b', 104, 0)], 'latencyMsP99', strict)).toEqual([1, 2]);
});

test('an unstable contender and one without the metric have no place', () => {
  const unstable = { ...p99('u', 50), stable: false };
  expect(
    ranks([unstable, p99('a', 100), contender('none', { retries: upTo(10) })], 'latencyMsP99'),
  ).toEqual([null, 1, null]);
});

test('a metric without direction ranks nobody', () => {
  expect(ranks([p99('a', 1), p99('b', 2)], 'requests')).toEqual([null, null]);
});

test('fewer than 10 runs exclude nobody', () => {
  expect(ranks([p99('a', 100, 1, 9), p99('b', 300, 1, 9)], 'latencyMsP99')).toEqual([1, 1]);
});

test('twenty identical contenders with independent luck share the first place in 95 % of leaderboards', () => {
  const trials = 200;
  const broken = upTo(trials).filter((seed) => {
    const contenders = upTo(20).map((i) =>
      contender(`${i}`, { retries: gaussians(seed, `luck ${i}`, 10).map((z) => 100 + 30 * z) }),
    );
    return ranks(contenders, 'retries').some((place) => place !== 1);
  }).length;
  expect(broken / trials).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / trials));
});
