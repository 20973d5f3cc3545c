/** go-zero's load of a connection: each example on its own, by the function that its picker compares. */
import { z } from 'zod';
import { goZeroLoad } from '../../src/policies/balancer/go-zero.ts';
import { ruleOf } from './rule.ts';

const COUNT = z.int().min(0);
const ROW = z.object({
  examples: z.array(z.object({ lagNs: COUNT, inflight: COUNT, load: COUNT })).min(1),
});

export const p2cGoZero = ruleOf(ROW, ({ examples }) => {
  for (const { lagNs, inflight, load } of examples) {
    const got = goZeroLoad(lagNs, inflight);
    if (got !== load) return `lag ${lagNs} ns, ${inflight} in flight: expected ${load}, got ${got}`;
  }
  return null;
});
