/**
 * The backlog: calls wait at the balancer instead of failing, or of waiting inside a server where nobody can send them
 * elsewhere. Its pathology is that of every queue: it hides an overload until clients give up, and then it is full of
 * calls that nobody waits for any more; hence its two bounds, and CoDel.
 */
import type { Guard } from './guard.ts';

export const backlog: Guard = {
  key: 'backlog',
  summary: 'where calls wait that no server may take',
  facts: {
    rule: 'A call that finds no eligible server waits, first come first served, pinned ones in a line of their own for each server. It is sent as soon as a server may take it; it is shed when `places` wait already, after `wait`, or by `codel`. The wait counts in the latency, not in `timeout`.',
    follows:
      "HAProxy 3.3-dev of 2026-08 (src/queue.c: `maxconn`, the server's queue before the backend's, `timeout queue`), its `places` from Envoy's max_pending_requests (1024)",
    good: 'bursts that a limit would shed; a fleet that is scaled to zero, or has no fit server for a moment',
    bad: 'overload that lasts: every call then waits for `wait` in vain before it is shed, and retries come on top',
    cost: 'O(1)',
  },
};
