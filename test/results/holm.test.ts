import { expect, test } from 'vitest';
import { holm, holmLevels } from '../../src/results/holm.ts';

// Worked by hand: sorted .005 .01 .03 .04 against .05/4 = .0125, .05/3 = .0167, .05/2 = .025: stop at .03.
const P = [0.01, 0.04, 0.03, 0.005];

test('steps down from alpha / m and stops at the first that fails', () => {
  expect(holm(P, 0.05)).toEqual([true, false, false, true]);
});

test('gives each hypothesis the level of its step, and those behind the stop the level of the stop', () => {
  const levels = holmLevels(P, 0.05);
  expect(levels).toEqual([0.05 / 3, 0.05 / 2, 0.05 / 2, 0.05 / 4]);
});

test('a p-value that would pass its own step does not pass behind a stop', () => {
  // .03 fails at .05/2 = .025, so .045 is out although it is below .05/1.
  expect(holm([0.03, 0.045], 0.05)).toEqual([false, false]);
});

test('what was declared but could not be tested still costs', () => {
  expect(holmLevels([0.02], 0.05)).toEqual([0.05]);
  expect(holmLevels([0.02], 0.05, 4)).toEqual([0.0125]);
});

test('equal p-values keep their order and are all rejected or none', () => {
  expect(holm([0.02, 0.02], 0.05)).toEqual([true, true]);
  expect(holm([0.03, 0.03], 0.05)).toEqual([false, false]);
});

test('an empty family rejects nothing', () => {
  expect(holm([], 0.05)).toEqual([]);
});
