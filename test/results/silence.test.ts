import { expect, test } from 'vitest';
import { SilenceGauge } from '../../src/cli/load-silence.ts';
import type { Sample } from '../../src/live/driver/samples.ts';
import { isSilent, silenceWarnings } from '../../src/results/silence.ts';

const call = (at: number, latencyMs: number, outcome: Sample['outcome']): Sample => ({
  arrival: 0,
  call: 0,
  session: 0,
  kind: 'call',
  tool: 0,
  at,
  lagMs: 0,
  latencyMs,
  outcome,
});

test('is where every client waits in vain at once; of one it is the mean', () => {
  const gauge = new SilenceGauge(2, 10_000);
  gauge.add(call(0, 10_000, 'ok'));
  gauge.add(call(2000, 4000, 'timeout'));
  gauge.add(call(4000, 9000, 'cancelled'));
  expect(gauge.between(0, 10_000)).toEqual({ ofOne: 0.5, ofAll: 0.2 });
  expect(gauge.between(5000, 10_000)).toEqual({ ofOne: 0.6, ofAll: 0.2 });
  expect(gauge.between(0, 0)).toEqual({ ofOne: 0, ofAll: 0 });
});

test('is told in words that fit, and only of all clients keeps objectives from being met', () => {
  const told = (ofOne: number, ofAll: number): string =>
    silenceWarnings([{ name: 'x' }], [[{ ofOne, ofAll }]]).join();
  expect(told(0.05, 0.01)).toBe('');
  expect(told(0.74, 0.05)).toContain('The clients of “x” waited');
  expect(told(0.74, 0.05)).toContain('for 74 % of their time');
  expect(told(0.93, 0.927)).toContain('for 93 % of the measured time all clients of “x” waited');
  expect(isSilent([{ ofOne: 0.74, ofAll: 0.05 }])).toBe(false);
  expect(isSilent([{ ofOne: 0.93, ofAll: 0.93 }])).toBe(true);
  expect(isSilent([])).toBe(false);
});
