import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { grpc, GrpcEjection, type GrpcOptions } from '../../../src/policies/ejection/grpc.ts';
import { backAt, calls, interval, join, out } from './fleet.ts';

const PRESET = grpc.options.parse({}) as unknown as GrpcOptions;

const fleet = (count: number, change: Partial<GrpcOptions> = {}) => {
  const ejection = new GrpcEjection({ ...PRESET, ...change }, sequential(1, 'ejection'));
  join(ejection, count);
  return ejection;
};

describe('outliers', () => {
  it('are found at a sweep only', () => {
    const ejection = fleet(5);
    interval(ejection, 1, [100, 100, 100, 100, 0]);
    expect(out(ejection)).toEqual([]);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([4]);
    expect(ejection.because(4)).toBe('success rate 0%, below 4%');
  });

  it('may be one more than the cap: one of five with 10 %, two of five with 30 %', () => {
    for (const [maxEjected, most] of [
      [0.1, 1],
      [0.2, 1],
      [0.3, 2],
    ] as const) {
      const ejection = fleet(5, { maxEjected });
      interval(ejection, 1, [0, 0, 0, 0, 0]);
      ejection.sweep(10_000);
      expect(out(ejection)).toHaveLength(most);
    }
  });

  it('by failures need more than 85 %', () => {
    const ejection = fleet(5, { enforceSuccessRate: 0 });
    interval(ejection, 1, [15, 100, 100, 100, 14]);
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([4]);
    expect(ejection.because(4)).toBe('86% failures, above 85%');
  });

  it('are not made by callers who give up', () => {
    const ejection = fleet(5);
    interval(ejection, 1, [100, 100, 100, 100]);
    calls(ejection, 1, 4, 200, 'cancelled');
    ejection.sweep(10_000);
    expect(out(ejection)).toEqual([]);
  });
});

describe('an ejection', () => {
  it('ends at the sweep after its time is past, and a check does not end it', () => {
    const ejection = fleet(5);
    interval(ejection, 1, [0, 100, 100, 100, 100]);
    ejection.sweep(10_000);
    ejection.probed();
    ejection.sweep(40_000);
    expect(ejection.ejected(0)).toBe(true);
    ejection.sweep(50_000);
    expect(ejection.ejected(0)).toBe(false);
    expect(ejection.because(0)).toBe('30s have passed');
  });

  it('lasts one base time longer if the server fails again at once, and is forgiven sweep by sweep', () => {
    const ejection = fleet(5);
    const ejectAt = (now: number): number => {
      interval(ejection, now - 1, [0, 100, 100, 100, 100]);
      ejection.sweep(now);
      return (backAt(ejection, now) - now) / 1000;
    };
    expect(ejectAt(10_000)).toBe(40);
    expect(ejectAt(60_000)).toBe(70);
    ejection.sweep(140_000);
    ejection.sweep(150_000);
    expect(ejectAt(160_000)).toBe(40);
  });

  it('found by both rules at once counts once', () => {
    const ejection = fleet(10, { maxEjected: 0.2 });
    interval(ejection, 1, [0, 100, 100, 100, 100, 100, 100, 100, 100, 100]);
    ejection.sweep(10_000);
    expect(ejection.changed).toEqual([0]);
    expect((backAt(ejection, 10_000) - 10_000) / 1000).toBe(40);
  });
});
