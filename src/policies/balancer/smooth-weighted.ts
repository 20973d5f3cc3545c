/**
 * Smooth weighted round robin, nginx's default balancer (1.29, src/http/ngx_http_upstream_round_robin.c): weights 5, 1, 1 give
 * a a b a c a a, not a a a a a b c. A failure to reach a server lowers what it rises by, by weight/max_fails in whole
 * numbers, and each pick gives 1 of it back. nginx walks all servers; core/smooth-turns.ts picks the same with a heap for
 * each distinct weight, and is a scan only where all weights differ. nginx also leaves a server out for fail_timeout after
 * max_fails failures: that is a breaker, and here a breaker does it.
 * Pathology: blind to load, and every worker or balancer starts its turns at the same server.
 */
import { z } from 'zod';
import type { Outcome } from '../../core/outcome.ts';
import type { ServerId } from '../../core/request.ts';
import { SmoothTurns } from '../../core/smooth-turns.ts';
import { zCount } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Balancer } from './balancer.ts';
import { isUnreached } from './unreached.ts';
import { Unreported } from './unreported.ts';

export class SmoothWeighted extends Unreported implements Balancer {
  readonly #turns = new SmoothTurns();
  readonly #maxFails: number;
  readonly #weights: number[] = [];

  /** `maxFails`: failures that take a server's whole weight away; 0: failures do not count. */
  constructor(maxFails: number) {
    super();
    this.#maxFails = maxFails;
  }

  pick(): ServerId {
    return this.#turns.next();
  }

  sent(): void {}

  settled(_now: number, server: ServerId, outcome: Outcome): void {
    if (this.#maxFails === 0 || !isUnreached(outcome)) return;
    this.#turns.lower(server, Math.trunc(this.#weights[server]! / this.#maxFails));
  }

  joined(_now: number, server: ServerId, weight: number): void {
    this.#weights[server] = weight;
    this.#turns.join(server, weight);
  }

  left(_now: number, server: ServerId): void {
    this.#turns.leave(server);
  }
}

export const smoothWeighted = policy({
  summary: 'Weighted turns, interleaved as evenly as they can be.',
  options: z.strictObject({
    maxFails: zCount()
      .prefault(1)
      .describe('failures that take a whole weight away; it comes back by 1 a pick; 0: none do'),
  }),
  facts: {
    rule: "At each pick every candidate's current weight rises by its weight; the highest is served, the first to have joined on a tie, and pays the total. A timeout, refusal or reset lowers what a server rises by, by the whole part of weight / `maxFails`.",
    follows: 'nginx round robin, 1.29 (src/http/ngx_http_upstream_round_robin.c)',
    good: 'servers of known, unlike capacity; as the baseline of most deployments',
    bad: 'weights that are wrong, heavy-tailed work: it never looks at load',
    cost: 'O(d + log n) for d distinct weights, so a scan where all differ (nginx: always)',
  },
  make: (options) => new SmoothWeighted(options.maxFails),
});
