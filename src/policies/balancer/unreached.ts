/**
 * What nginx counts as a failure of an upstream server unless told otherwise (`proxy_next_upstream error timeout`): the
 * call did not get through. An answer is an answer, also a 500 or a 503.
 */
import type { Outcome } from '../../core/outcome.ts';

export const isUnreached = (outcome: Outcome): boolean =>
  outcome === 'timeout' || outcome === 'refused' || outcome === 'reset';
