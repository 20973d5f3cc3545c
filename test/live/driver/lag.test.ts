import { expect, test } from 'vitest';
import { lagOf } from '../../../src/live/driver/lag.ts';
import type { Sample } from '../../../src/live/driver/samples.ts';

const sample = (lagMs: number, latencyMs: number, more: Partial<Sample> = {}): Sample => ({
  arrival: 0,
  call: 0,
  session: 0,
  kind: 'call',
  tool: 0,
  at: 1000,
  lagMs,
  latencyMs,
  outcome: 'ok',
  ...more,
});

test('p50, p99 and max by nearest rank', () => {
  const samples = Array.from({ length: 200 }, (_, k) => sample(k + 1, 300));
  expect(lagOf(samples, 0)).toMatchObject({ p50: 100, p99: 198, max: 200 });
});

test('what was meant for the warm-up does not count', () => {
  const samples = [sample(50, 60, { at: 10 }), sample(1, 30)];
  expect(lagOf(samples, 500)).toMatchObject({ p50: 1, p99: 1, max: 1 });
});

test('tolerates 5 ms, and 5 % of the median latency where that is more', () => {
  expect(lagOf([sample(1, 20)], 0).limit).toBe(5);
  expect(lagOf([sample(1, 400)], 0).limit).toBe(20);
});

test('latencies of failures say nothing about what a lag may hide behind', () => {
  expect(lagOf([sample(1, 20), sample(1, 2000, { outcome: 'timeout' })], 0).limit).toBe(5);
});

test('a run without requests has no lag', () => {
  expect(lagOf([], 0)).toEqual({ p50: 0, p99: 0, max: 0, limit: 5 });
});
