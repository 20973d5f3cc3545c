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
import { fitted, shorten, widthOf } from '../../../src/report/charts/labels.ts';

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
  test('are cut to the room they have, and left out where too little would stay', () => {
    const name = 'least-connections, recovery 15s';
    expect(fitted(name, 400)).toBe(name);
    const cut = fitted(name, 120);
    expect(cut).toMatch(/^least.*…/);
    expect(widthOf(cut)).toBeLessThanOrEqual(120);
    expect(fitted(name, 10)).toBe('');
  });

  test('are cut in the middle, where names that start alike differ least', () => {
    expect(shorten('counter breaker', 20)).toBe('counter breaker');
    expect(shorten('least-connections, recovery 15s', 15)).toHaveLength(15);
    expect(shorten('least-connections, recovery 15s', 15)).toMatch(/^least-con….*15s$/);
  });
});
