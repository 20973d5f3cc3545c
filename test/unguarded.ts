/** The part of a setup in which nothing guards the fleet: no ejection, panic, slow start, limit, backlog or rebalancing. */
import type { Setup } from '../src/scenario/scenario.ts';

const none = { name: 'none', options: {} };

export const UNGUARDED = {
  rebalance: null,
  ejection: none,
  panic: 0,
  slowStart: null,
  limit: none,
  backlog: null,
  victims: 'newest',
} as const satisfies Partial<Setup>;
