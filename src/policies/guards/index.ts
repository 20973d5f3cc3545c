/** The guards that stand beside the policies. */
import { affinity } from './affinity.ts';
import { backlog } from './backlog.ts';
import { codel } from './codel.ts';
import type { Guard } from './guard.ts';
import { hedging } from './hedging.ts';
import { panic } from './panic.ts';
import { rebalance } from './rebalance.ts';
import { slowStart } from './slow-start.ts';
import { victims } from './victims.ts';

export const GUARDS: readonly Guard[] = [
  affinity,
  rebalance,
  panic,
  slowStart,
  backlog,
  codel,
  hedging,
  victims,
];
