/**
 * Whom a scale-in takes. Kubernetes sorts by readiness, then by age with the newest first; what a platform offers beside
 * it are the oldest (a deploy) and, by annotation, a cost. Servers that are still starting always go first.
 */
import type { ServerId } from '../../core/request.ts';
import type { Guard } from './guard.ts';

export const VICTIMS = ['newest', 'oldest', 'idlest', 'fewest-sessions'] as const;
export type Victims = (typeof VICTIMS)[number];

interface Server {
  readonly id: ServerId;
  readonly inFlight: number;
  readonly sessions: number;
}

/** Less goes first; of equals the newest. */
export const VICTIM_RANKS: Readonly<Record<Victims, (server: Server) => number>> = {
  newest: () => 0,
  oldest: ({ id }) => id,
  idlest: ({ inFlight }) => inFlight,
  'fewest-sessions': ({ sessions }) => sessions,
};

export const victims: Guard = {
  key: 'victims',
  summary: 'whom a scale-in takes first; oldest, after a scale-out: a deploy',
  facts: {
    rule: 'Those still starting, then ready ones: the newest, the oldest, those with the fewest calls in flight (idlest) or with the fewest sessions, of equals the newest. What is taken drains: no new calls or sessions, and `drain` to finish.',
    follows:
      "newest: the order of Kubernetes' ReplicaSet controller (1.33: not ready before ready, younger before older); oldest: the OldestInstance termination policy of EC2 Auto Scaling, as documented 2024; idlest and fewest-sessions: what an owner can tell a ReplicaSet by pod-deletion-cost",
    good: 'newest: stateless fleets, whose old servers have warm caches; fewest-sessions: legacy sessions; oldest: to replace servers',
    bad: 'newest: with long sessions a scale-in takes the servers that just began to fill; idlest: who is idle at one moment says little, and a server that was just added always is',
    cost: 'O(n log n) a scale-in',
  },
};
