import { describe, expect, test } from 'vitest';
import { isStable } from '../../src/results/stability.ts';

const POINTS = 120;
const DURATION = 300_000;

/** `inFlight` and `rate` by the share of the duration that has passed. */
const series = (inFlight: (x: number) => number, rate: (x: number) => number = () => 150) => {
  const shares = Array.from({ length: POINTS }, (_, k) => (k + 1) / POINTS);
  return {
    binMs: DURATION / POINTS,
    at: shares.map((x) => x * DURATION),
    values: { inFlight: shares.map(inFlight), arrivalsRps: shares.map(rate) },
  };
};

describe('a backlog that grows', () => {
  test.each([0, 0.1, 0.3, 0.4, 0.6])('from the start, looked at after %f of the time', (warmup) => {
    expect(
      isStable(
        series((x) => 22_500 * x),
        warmup * DURATION,
      ),
    ).toBe(false);
  });

  test('in a fleet that is 2 % short', () => {
    expect(
      isStable(
        series((x) => 10 + 900 * x),
        30_000,
      ),
    ).toBe(false);
  });

  test('from the middle on', () => {
    expect(
      isStable(
        series((x) => 10 + 10_000 * Math.max(0, x - 0.5)),
        30_000,
      ),
    ).toBe(false);
  });
});

describe('no growth', () => {
  test('a backlog as large as it was', () => {
    expect(
      isStable(
        series((x) => 500 + 40 * Math.sin(50 * x)),
        30_000,
      ),
    ).toBe(true);
  });

  test('one that has filled up', () => {
    expect(
      isStable(
        series((x) => Math.min(3000, 12_000 * x)),
        30_000,
      ),
    ).toBe(true);
  });

  test('one that has been worked off', () => {
    expect(
      isStable(
        series((x) => (x > 0.4 && x < 0.7 ? 5000 : 10)),
        30_000,
      ),
    ).toBe(true);
  });

  test('more in flight as more arrive', () => {
    expect(
      isStable(
        series(
          (x) => 15 + 600 * x,
          (x) => 10 + 400 * x,
        ),
        30_000,
      ),
    ).toBe(true);
  });

  test('a few requests more, as chance has it', () => {
    expect(
      isStable(
        series(
          (x) => 2 + 18 * x,
          () => 4,
        ),
        30_000,
      ),
    ).toBe(true);
  });

  test('no arrivals, or a last quarter without', () => {
    expect(
      isStable(
        series(
          () => 0,
          () => 0,
        ),
        30_000,
      ),
    ).toBe(true);
    expect(
      isStable(
        series(
          (x) => (x > 0.75 ? 1 : 10),
          (x) => (x > 0.75 ? 0 : 100),
        ),
        0,
      ),
    ).toBe(true);
  });
});
