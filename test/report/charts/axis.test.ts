import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fittingAxis,
  linearAxis,
  linearBetween,
  logAxis,
  placeOn,
  valueAt,
} from '../../../src/report/charts/axis.ts';
import { shorten, spreadLabels } from '../../../src/report/charts/labels.ts';

describe('an axis', () => {
  test('has round ticks inside its domain', () => {
    expect(linearBetween(0, 5, 6).ticks).toEqual([0, 1, 2, 3, 4, 5]);
    expect(logAxis([20, 900]).ticks).toEqual([20, 50, 100, 200, 500]);
  });

  test('is logarithmic only for positive values that span decades', () => {
    expect(fittingAxis([100, 200]).kind).toBe('linear');
    expect(fittingAxis([10, 2000]).kind).toBe('log');
    expect(fittingAxis([0, 10, 2000]).kind).toBe('linear');
  });

  test('has room even when every value is zero', () => {
    expect(linearAxis([0, 0]).high).toBeGreaterThan(0);
  });

  test('finds the value at the place of a value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.boolean(), (value, log) => {
        const axis = log ? logAxis([1, 1e6]) : linearAxis([1, 1e6]);
        expect(valueAt(axis, placeOn(axis, value))).toBeCloseTo(value, 4);
      }),
    );
  });
});

describe('labels', () => {
  test('are moved apart, keep their order and stay inside', () => {
    const wanted = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(wanted, (places) => {
        const sorted = spreadLabels(places, 15, 200).toSorted((a, b) => a - b);
        for (const [index, place] of sorted.entries()) {
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(200);
          if (index > 0) expect(place - sorted[index - 1]!).toBeGreaterThanOrEqual(15 - 1e-9);
        }
      }),
    );
  });

  test('are cut in the middle, where names that start alike differ least', () => {
    expect(shorten('counter breaker', 20)).toBe('counter breaker');
    expect(shorten('least-connections, recovery 15s', 15)).toHaveLength(15);
    expect(shorten('least-connections, recovery 15s', 15)).toMatch(/^least-con….*15s$/);
  });
});
