/** No budget: only the attempts of one request are counted. The baseline that shows a retry storm. */
import { z } from 'zod';
import { policy } from '../registry.ts';
import type { Budget } from './budget.ts';

class NoBudget implements Budget {
  arrived(): void {}

  admits(): boolean {
    return true;
  }

  spent(): void {}

  settled(): void {}
}

export const none = policy({
  summary: 'Retries are bounded by the attempts of each request alone.',
  options: z.strictObject({}),
  facts: {
    rule: 'Every retry is admitted.',
    follows: 'a client library with `attempts` alone',
    good: 'rare, independent failures',
    bad: 'overload: with a attempts a request, a failing fleet is sent up to a times its traffic',
    cost: 'none',
  },
  make: (): Budget => new NoBudget(),
});
