/**
 * Weighted round robin by earliest deadline, as Envoy's round_robin does it with unequal weights (main of 2026-07,
 * source/extensions/load_balancing_policies/round_robin/round_robin_lb.h): a server's next turn is due 1/weight after its
 * last. Each server gets its share of every stretch of calls, never off by more than a call of its own and its part of one
 * call for each other server. Envoy builds its queue anew at each change of membership, from a random point; here
 * servers enter and leave a queue that stays (core/edf-turns.ts), so not even a retry that steps around a server disturbs it.
 * Pathology: blind to load. It keeps feeding a slow server its full share, and a changed weight counts from the next turn on.
 */
import { z } from 'zod';
import { EdfTurns } from '../../core/edf-turns.ts';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { policy } from '../registry.ts';
import type { Balancer } from './balancer.ts';
import { Unreported } from './unreported.ts';

export class EarliestDeadline extends Unreported implements Balancer {
  readonly #weights: number[] = [];
  readonly #present: boolean[] = [];
  readonly #turns: EdfTurns;

  constructor(rng: Rng) {
    super();
    this.#turns = new EdfTurns((server) => this.#weights[server]!, rng);
  }

  pick(): ServerId {
    return this.#turns.next();
  }

  sent(): void {}
  settled(): void {}

  /** Told of a server that is there already, it takes the new weight at that server's next turn. */
  joined(_now: number, server: ServerId, weight: number): void {
    this.#weights[server] = weight;
    if (this.#present[server]) return;
    this.#present[server] = true;
    this.#turns.join(server);
  }

  left(_now: number, server: ServerId): void {
    this.#present[server] = false;
    this.#turns.leave(server);
  }
}

export const edf = policy({
  summary: 'Weighted turns, the server whose turn is overdue first.',
  options: z.strictObject({}),
  facts: {
    rule: "A server's next turn is due 1/weight after its last; the earliest deadline is served, first come first served on ties. A server that joins enters at a random point of its stride.",
    follows:
      'Envoy round_robin with unequal weights, main of 2026-07 (source/common/upstream/edf_scheduler.h), without its rebuilds',
    good: 'servers of known, unlike capacity under steady work; many changes of membership',
    bad: 'weights that are wrong, heavy-tailed work: it never looks at load',
    cost: 'O(log n)',
  },
  make: (_options, rng) => new EarliestDeadline(rng),
});
