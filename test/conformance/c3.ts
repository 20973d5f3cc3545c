/** C3: the rank of a server by its books. */
import { z } from 'zod';
import { c3Rank as rank } from '../../src/policies/balancer/c3.ts';
import { agrees } from './agrees.ts';
import { ruleOf } from './rule.ts';

const ROW = z.object({
  responseMs: z.number().min(0),
  serviceMs: z.number().min(0),
  queue: z.number().min(0),
  outstanding: z.int().min(0),
  clients: z.int().min(1),
  expectedRank: z.number(),
});

export const c3Rank = ruleOf(ROW, (row) => {
  const got = rank(row.responseMs, row.serviceMs, row.queue, row.outstanding, row.clients);
  return agrees(got, row.expectedRank) ? null : `expected ${row.expectedRank}, got ${got}`;
});
