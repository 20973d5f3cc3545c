/** A decision with a lower bound put under it. */
import type { Decision } from './autoscaler.ts';

export const raised = (decision: Decision, floor: number, why: string): Decision =>
  floor <= decision.desired
    ? decision
    : {
        desired: floor,
        because: `${why} (of itself it would be ${decision.desired}: ${decision.because})`,
      };
