import { describe, expect, test } from 'vitest';
import {
  formatDifference,
  formatDifferenceEstimate,
  formatDifferenceInterval,
  formatEstimate,
  formatInterval,
  formatMetric,
  formatNumber,
  formatRelative,
  formatUnit,
  NO_VALUE,
} from '../../src/core/format.ts';

describe('a figure', () => {
  test.each([
    ['latencyMsP99', 412.34, '412 ms'],
    ['latencyMsP99', 8.421, '8.42 ms'],
    ['latencyMsP99', 0.0423, '0.042 ms'],
    ['latencyMsP99', 9876.4, '9,876 ms'],
    ['latencyMsP99', 12_412, '12.4 s'],
    ['errorRate', 0.061, '6.1 %'],
    ['errorRate', 0.00012, '0.012 %'],
    ['errorRate', 0, '0 %'],
    ['errorRate', 1, '100 %'],
    ['goodputRps', 118.02, '118/s'],
    ['requests', 1_035_997, '1,035,997'],
    ['imbalance', 1.2345, '1.23'],
    ['serverSeconds', 1800, '1,800 s'],
  ] as const)('%s %d reads %s', (metric, value, text) => {
    expect(formatMetric(metric, value)).toBe(text);
  });

  test('that is missing, or no number, is a dash', () => {
    for (const value of [null, undefined, NaN, Infinity]) {
      expect(formatMetric('errorRate', value)).toBe(NO_VALUE);
      expect(formatDifference('errorRate', value)).toBe(NO_VALUE);
      expect(formatRelative(value)).toBe(NO_VALUE);
    }
  });

  test('of a plain unit, and a plain number', () => {
    expect(formatUnit('perSecond', 0.5)).toBe('0.5/s');
    expect(formatNumber(12345.6)).toBe('12,346');
  });
});

describe('a difference', () => {
  test('of shares is in percentage points, never in percent', () => {
    expect(formatDifference('errorRate', -0.0612)).toBe('−6.12 points');
    expect(formatDifference('errorRate', 0.05)).toBe('+5 points');
    expect(formatDifference('errorRate', -0.01)).toBe('−1 point');
  });

  test('carries its sign, unless it is nothing or rounds to nothing', () => {
    expect(formatDifference('latencyMsP99', 12)).toBe('+12 ms');
    expect(formatDifference('latencyMsP99', 0)).toBe('0 ms');
    expect(formatDifference('latencyMsP99', -0.0001)).toBe('0 ms');
  });

  test('relative to something', () => {
    expect(formatRelative(-0.125)).toBe('−12.5 %');
    expect(formatRelative(12.5)).toBe('+1,250 %');
  });
});

describe('an interval', () => {
  test('says its unit once, in one scale', () => {
    expect(formatInterval('latencyMsP99', { low: 398.2, high: 425.9 })).toBe('398 to 426 ms');
    expect(formatInterval('latencyMsP99', { low: 9500, high: 11_000 })).toBe('9.5 to 11.0 s');
    expect(formatDifferenceInterval('errorRate', { low: -0.064, high: -0.058 })).toBe(
      '−6.4 to −5.8 points',
    );
  });

  test('gets as many digits as tell its ends apart, both ends the same, and no more', () => {
    const written = (low: number, high: number) => formatInterval('goodputRps', { low, high });
    expect(written(412.11, 412.38)).toBe('412.1 to 412.4/s');
    expect(written(2115.08, 2115.19)).toBe('2,115.1 to 2,115.2/s');
    expect(written(36.9, 37.39)).toBe('36.9 to 37.4/s');
    expect(formatInterval('errorRate', { low: 0.0005, high: 0.00089 })).toBe('0.050 to 0.089 %');
  });

  test('of runs that agree is no interval', () => {
    expect(formatInterval('serverSeconds', { low: 3840, high: 3840 })).toBe('3,840 ± 0 s');
  });

  test('lends its digits to its mean, which cannot be rounded out of it', () => {
    const almost = { mean: 0.99987, low: 0.99983, high: 0.9999 };
    expect(formatEstimate('errorRate', almost)).toBe('99.987 %');
    expect(formatInterval('errorRate', almost)).toBe('99.983 to 99.990 %');
    expect(formatEstimate('errorRate', { mean: 0.0946, low: -0.01, high: 0.202 })).toBe('9.5 %');
    expect(formatEstimate('errorRate', { mean: 0.0946, low: null, high: null })).toBe('9.46 %');
    expect(
      formatDifferenceEstimate('errorRate', { mean: -0.061, low: -0.0619, high: -0.0601 }),
    ).toBe('−6.10 points');
  });

  test('of a metric does not reach below 0, of a difference it may', () => {
    expect(formatInterval('errorRate', { low: -0.001, high: 0.003 })).toBe('0 to 0.3 %');
    expect(formatInterval('errorRate', { low: -0.5, high: 2.3 })).toBe('0 to 100 %');
    expect(formatDifferenceInterval('latencyMsP99', { low: -1, high: 3 })).toBe('−1 to +3 ms');
  });

  test('of a single run is a dash', () => {
    expect(formatInterval('errorRate', { low: null, high: null })).toBe(NO_VALUE);
    expect(formatDifferenceInterval('errorRate', { low: null, high: null })).toBe(NO_VALUE);
  });
});
