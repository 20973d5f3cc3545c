/** No limit: a call is sent at once, and any queue stands inside the servers. The baseline. */
import { z } from 'zod';
import { policy } from '../registry.ts';
import type { Limit } from './limit.ts';

class NoLimit implements Limit {
  limit(): number {
    return Infinity;
  }

  settled(): void {}
}

export const none = policy({
  summary: 'Any number of calls in flight.',
  options: z.strictObject({}),
  facts: {
    rule: 'Every call may be sent.',
    follows: 'a balancer without concurrency limits',
    good: 'servers that guard themselves with a short queue of their own',
    bad: 'overload: the queue grows inside a server, where nobody can send its calls elsewhere',
    cost: 'none',
  },
  make: (): Limit => new NoLimit(),
});
