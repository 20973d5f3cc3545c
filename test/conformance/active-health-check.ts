/** HAProxy's fall and rise, put to the active health monitor: one state expected after each check. */
import { z } from 'zod';
import { ActiveHealth } from '../../src/policies/health/active.ts';
import { ruleOf } from './rule.ts';

const STATE = z.enum(['UP', 'DOWN']);

const ROW = z
  .object({
    fall: z.int().min(1),
    rise: z.int().min(1),
    start: STATE,
    /** S success, F failure. */
    checks: z.string().regex(/^[SF]+$/),
    stateAfterEach: z.array(STATE),
  })
  .refine((row) => row.checks.length === row.stateAfterEach.length, {
    error: 'checks and stateAfterEach differ in length',
  });

export const activeHealthCheck = ruleOf(ROW, ({ fall, rise, start, checks, stateAfterEach }) => {
  const options = { interval: 1000, timeout: 1000, unhealthy: fall, healthy: rise };
  const health = new ActiveHealth(options);
  // A new server needs one good check; a server that is down was up before.
  health.probed(0, true);
  if (start === 'DOWN') for (let check = 0; check < fall; check++) health.probed(0, false);
  for (const [check, expected] of stateAfterEach.entries()) {
    health.probed(check + 1, checks[check] === 'S');
    const state = health.healthy() ? 'UP' : 'DOWN';
    if (state !== expected) return `after check ${check + 1}: expected ${expected}, got ${state}`;
  }
  return null;
});
