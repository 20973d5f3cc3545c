import { describe, expect, test } from 'vitest';
import { Lesson } from './shipped.ts';

describe('showdown', () => {
  const lesson = new Lesson('showdown', { seeds: '10' });
  const errors = (name: string): number => lesson.mean(name, 'errorRate');

  test('the answer names the best, and says what is cheaper', () => {
    expect(lesson.results.answer).toMatch(
      /^The cheapest that meets all objectives is “the best of each”.*; “the best of each” is best in error rate/,
    );
    expect(lesson.results.answer).toContain('leads in server-seconds');
    expect(lesson.inEveryRun('the best of each', 'serverSeconds')).toBe('worse');
  });

  test('the reference is down for half of the day, the best fails one call in a thousand at most', () => {
    expect(errors('the reference')).toBeGreaterThan(0.3);
    expect(errors('the best of each')).toBeLessThan(0.001);
  });

  test('each mend in the middle helps, that of the scaler most', () => {
    expect(errors('reference, panic and retries')).toBeLessThan(errors('the reference') / 2);
    expect(errors('reference, scaled by an hpa')).toBeLessThan(
      errors('reference, panic and retries') / 10,
    );
    expect(errors('the best of each')).toBeLessThan(errors('reference, scaled by an hpa') / 3);
  });

  test('the best is no dearer than the HPA', () => {
    expect(lesson.mean('the best of each', 'serverSeconds')).toBeLessThan(
      1.05 * lesson.mean('reference, scaled by an hpa', 'serverSeconds'),
    );
  });
});
