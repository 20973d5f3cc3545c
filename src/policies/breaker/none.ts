/** No breaker: a circuit that is always closed. The baseline that shows what a breaker is worth. */
import { z } from 'zod';
import { NEVER, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Breaker, BreakerState, Permit } from './breaker.ts';

class AlwaysClosed implements Breaker {
  state(): BreakerState {
    return 'closed';
  }

  admits(): boolean {
    return true;
  }

  sent(): Permit {
    return 0;
  }

  settled(): void {}

  because(): string {
    return 'there is no breaker';
  }

  wakeAt(): Millis {
    return NEVER;
  }
}

export const none = policy({
  summary: 'Always closed.',
  options: z.strictObject({}),
  facts: {
    rule: 'Every call is admitted.',
    follows: 'a balancer without circuit breakers',
    good: 'as a baseline',
    bad: 'a failing server keeps its share of the traffic until a health check finds it',
    cost: 'none',
  },
  make: () => new AlwaysClosed(),
});
