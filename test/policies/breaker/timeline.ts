/**
 * Circuit breakers as timelines: each step says when, what happened, and what is to be seen after it. `send` puts a call
 * in flight under a name, `ok`, `fail` and `cancel` settle it; without a name a call is sent and settled at once.
 */
import { expect } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import type { Breaker, BreakerState, Permit } from '../../../src/policies/breaker/breaker.ts';

export type Step = readonly [at: number, event: string, state: BreakerState, admits?: boolean];

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  ok: 'ok',
  fail: 'timeout',
  cancel: 'cancelled',
};

/** Events: `look`, `send A`, `ok`, `ok A`, `fail`, `fail A`, `cancel A`, or an outcome's own name. */
export const play = (breaker: Breaker, steps: readonly Step[]): void => {
  const inFlight = new Map<string, Permit>();
  for (const [now, event, state, admits] of steps) {
    const [verb = '', name] = event.split(' ');
    if (verb === 'send') inFlight.set(name ?? '', breaker.sent(now));
    else if (verb !== 'look') {
      const permit = name === undefined ? breaker.sent(now) : inFlight.get(name)!;
      breaker.settled(now, permit, OUTCOMES[verb] ?? (verb as Outcome), 0);
    }
    const seen = [now, event, breaker.state(now), admits === undefined ? '' : breaker.admits(now)];
    expect(seen).toEqual([now, event, state, admits ?? '']);
  }
};

/** `count` times the same step. */
export const times = (count: number, ...step: Step): Step[] =>
  Array.from({ length: count }, () => step);
