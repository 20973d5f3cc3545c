/** No autoscaler: the fleet keeps the size it starts with. */
import { z } from 'zod';
import { NEVER, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Autoscaler, Decision, Load } from './autoscaler.ts';

class Fixed implements Autoscaler {
  readonly every: Millis = NEVER;
  readonly scrape: Millis = NEVER;

  decide(_now: Millis, load: Load): Decision {
    return { desired: load.servers, because: 'there is no autoscaler' };
  }
}

export const none = policy({
  summary: 'The fleet keeps its size.',
  options: z.strictObject({}),
  facts: {
    rule: 'Never changes anything.',
    follows: 'a fixed number of replicas',
    good: 'as a baseline, and to find how many servers a load needs',
    bad: 'load that changes',
    cost: 'none',
  },
  make: () => new Fixed(),
});
