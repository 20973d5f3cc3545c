import { expect, test } from 'vitest';
import { Course } from '../../src/cli/live-course.ts';
import { progressText } from '../../src/cli/progress.ts';

const told = (course: Course, now: number): string =>
  progressText({ share: () => course.share(now), describe: () => 'x' }, now);

test('goes with time, and learns from the first run how long a run takes', () => {
  const course = new Course(4, 30_000, 0);
  course.began(0, 0);
  expect(told(course, 15_000)).toBe('12 %, x, about 2 min left');
  course.began(1, 60_000);
  expect(course.share(60_000)).toBe(0.25);
  expect(told(course, 90_000)).toBe('37 %, x, about 3 min left');
});

test('a run that is overdue moves on, and the time left does not grow', () => {
  const course = new Course(4, 30_000, 0);
  course.began(0, 0);
  const shares = [30_000, 40_000, 50_000, 60_000].map((now) => course.share(now));
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(new Set(shares).size).toBe(4);
  expect(told(course, 60_000)).toMatch(/about 2 min left/);
});
