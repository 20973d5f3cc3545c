/** A breaker with what was last seen of it, to notice a change of state. */
import type { Breaker, BreakerState, Permit } from '../policies/breaker/breaker.ts';

/** The permit of a call that was sent although its circuit did not admit it, in a panic: no breaker hears of it. */
export const NO_PERMIT: Permit = -1;

export class Circuit {
  seen: BreakerState = 'closed';
  readonly breaker: Breaker;
  /** Index of the tool it guards, -1 for `initialize`; null = the whole server. */
  readonly tool: number | null;

  constructor(breaker: Breaker, tool: number | null) {
    this.breaker = breaker;
    this.tool = tool;
  }
}
