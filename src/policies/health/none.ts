/** No health checks: every server that has started is trusted for ever. The baseline that shows what checks are worth. */
import { z } from 'zod';
import { NEVER, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Health } from './health.ts';

class Unchecked implements Health {
  readonly every: Millis = NEVER;
  readonly timeout: Millis = NEVER;

  probed(): void {}
  settled(): void {}

  healthy(): boolean {
    return true;
  }

  because(): string {
    return 'no checks are made';
  }

  wakeAt(): Millis {
    return NEVER;
  }
}

export const none = policy({
  summary: 'No checks: a started server is trusted for ever.',
  options: z.strictObject({}),
  facts: {
    rule: 'Always healthy.',
    follows: 'a balancer without health checks',
    good: 'as a baseline',
    bad: 'any server that goes down keeps its share of the traffic',
    cost: 'none',
  },
  make: () => new Unchecked(),
});
