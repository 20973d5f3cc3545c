import { expect, test } from 'vitest';
import { emptyReport } from '../../../src/core/load-report.ts';
import { RequestCost } from '../../../src/policies/autoscaler/request-cost.ts';
import type { ServerLoad } from '../../../src/policies/autoscaler/autoscaler.ts';

const SCRAPE = 15_000;

/** A server that told `busyMs` and `finished` at `at`, and at the scrape before what it had told then. */
const told = (
  at: number,
  busyMs: number,
  finished: number,
  before: [number, number],
): ServerLoad => ({
  id: 0,
  phase: 'ready',
  healthy: true,
  startedAt: 0,
  readyAt: 0,
  inFlight: 1,
  report: { ...emptyReport(), slots: 1, busyMs, finished },
  reportedAt: at,
  previous: { ...emptyReport(), slots: 1, busyMs: before[0], finished: before[1] },
  previousAt: at - SCRAPE,
});

test('one slot, always busy with calls of a minute: a call costs a minute, though most reports finish none', () => {
  const cost = new RequestCost(600_000);
  let before: [number, number] = [0, 0];
  for (let k = 1; k <= 400; k++) {
    const at = k * SCRAPE;
    const now: [number, number] = [at, Math.floor(at / 60_000)];
    cost.learn(at, [told(at, ...now, before)]);
    before = now;
  }
  expect(cost.ms).toBeGreaterThan(55_000);
  expect(cost.ms).toBeLessThan(65_000);
});

test('while nobody is busy what was learnt stays', () => {
  const cost = new RequestCost(60_000);
  cost.learn(SCRAPE, [told(SCRAPE, 1000, 10, [0, 0])]);
  for (let k = 2; k < 100; k++) cost.learn(k * SCRAPE, [told(k * SCRAPE, 1000, 10, [1000, 10])]);
  expect(cost.ms).toBe(100);
});
