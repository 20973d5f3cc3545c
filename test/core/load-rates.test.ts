import { describe, expect, it } from 'vitest';
import { LoadRates } from '../../src/core/load-rates.ts';
import { emptyReport } from '../../src/core/load-report.ts';

const report = (busyMs: number, finished: number, failed = 0) => ({
  ...emptyReport(),
  slots: 4,
  busyMs,
  finished,
  failed,
});

describe('rates out of load reports', () => {
  it('are what the totals grew by since the report a span ago', () => {
    const rates = new LoadRates(2000);
    expect(rates.heard(1000, report(500, 10, 1))).toBe('first');
    expect(rates.heard(2999, report(900, 20, 2))).toBe('early');
    expect(rates.heard(3000, report(4500, 50, 5))).toBe('rates');
    // 4 s of slot time in 2 s of 4 slots; 40 calls and 4 errors in 2 s.
    expect([rates.utilisation, rates.qps, rates.eps]).toEqual([0.5, 20, 2]);
    expect(rates.heard(4000, report(4600, 60))).toBe('early');
    expect(rates.heard(5000, report(4500, 50, 5))).toBe('rates');
    expect([rates.utilisation, rates.qps, rates.eps]).toEqual([0, 0, 0]);
  });

  it('begin anew when a total has shrunk: that is another process', () => {
    const rates = new LoadRates(1000);
    rates.heard(0, report(900, 10));
    expect(rates.heard(5000, report(100, 2))).toBe('first');
    expect(rates.heard(6000, report(2100, 4))).toBe('rates');
    expect([rates.utilisation, rates.qps]).toEqual([0.5, 2]);
  });
});
