import { expect, test } from 'vitest';
import { progressText, roughTime } from '../../src/cli/progress.ts';

const work = (share: number) => ({ share: () => share, describe: () => '1 of 4 runs' });

test('guesses the time that is left from the time that has passed', () => {
  expect(progressText(work(0.25), 10_000)).toBe('25 %, 1 of 4 runs, about 30 s left');
});

test('guesses nothing at the very beginning and at the end', () => {
  expect(progressText(work(0.01), 10_000)).toBe('1 %, 1 of 4 runs');
  expect(progressText(work(1), 10_000)).toBe('100 %, 1 of 4 runs');
});

test.each([
  [200, 'about 1 s'],
  [89_000, 'about 89 s'],
  [12 * 60_000, 'about 12 min'],
  [3.2 * 3_600_000, 'about 3 h'],
])('%i ms are %s', (ms, text) => {
  expect(roughTime(ms)).toBe(text);
});
