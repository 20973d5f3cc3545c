/** No ejection: servers are judged one by one, never against each other. The baseline. */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import { NEVER, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Ejection } from './ejection.ts';

class NoEjection implements Ejection {
  readonly every: Millis = NEVER;
  readonly changed: ServerId[] = [];

  joined(): void {}

  left(): void {}

  settled(): void {}

  probed(): void {}

  sweep(): void {}

  ejected(): boolean {
    return false;
  }

  because(): string {
    return 'there is no ejection';
  }
}

export const none = policy({
  summary: 'No server is taken out for being worse than the others.',
  options: z.strictObject({}),
  facts: {
    rule: 'Every server stays.',
    follows: 'a balancer without outlier detection',
    good: 'as a baseline; where health checks and breakers see enough',
    bad: 'grey failures: a server that answers its checks and fails part of its calls keeps its share',
    cost: 'none',
  },
  make: (): Ejection => new NoEjection(),
});
