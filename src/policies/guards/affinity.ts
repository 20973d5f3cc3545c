/**
 * Affinity: what has to stay where it began. A legacy session lives in the memory of the server that answered its
 * `initialize`, so its calls must go there; requests of one key may stay together for the sake of a cache. Its pathology
 * is in the name: what is pinned is not balanced, and its server takes it along when it goes.
 */
import type { Guard } from './guard.ts';

export const AFFINITIES = ['none', 'session', 'key'] as const;
export type Affinity = (typeof AFFINITIES)[number];

export const affinity: Guard = {
  key: 'affinity',
  summary:
    'session: a legacy session stays with the server that created it; key: requests of one key stay together',
  facts: {
    rule: 'session: every call of a legacy session goes to the server that answered its `initialize`, while it drains too; it fails while that server is unhealthy or its circuit is open, and as `session-lost` when the server is gone. key: a request goes to the server that took the last one of its key, if that one is eligible and was not tried before; else the balancer picks, and the key stays there.',
    follows:
      'session: the Mcp-Session-Id of MCP 2025-03-26 to 2025-11-25, held as NGINX Plus `sticky learn` and HAProxy 3.3-dev `stick store-response` hold theirs; key: a stick table of HAProxy 3.3-dev of 2026-08 of a million keys (`stick on`)',
    good: 'servers that hold sessions in memory; caches by client or tenant',
    bad: 'new servers get new sessions only, so an old one stays hot while the mean looks fine; a deploy or a crash takes the sessions along; one busy key is one busy server',
    cost: 'O(1)',
  },
};
