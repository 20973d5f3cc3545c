/** The breaker of one tool of a server, with what was last seen of it, to notice a change of state. */
import type { Breaker, BreakerState } from '../policies/breaker/breaker.ts';

export class ToolCircuit {
  seen: BreakerState = 'closed';
  readonly breaker: Breaker;
  /** Its index; -1 for `initialize`. */
  readonly tool: number;

  constructor(breaker: Breaker, tool: number) {
    this.breaker = breaker;
    this.tool = tool;
  }
}
