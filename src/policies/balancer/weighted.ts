/**
 * Weighted: every candidate with a chance in proportion to its weight. As the reference does it, this is weighted
 * *random*: right in the long run, with the variance of chance in the short. The draw walks a tree of partial sums, so
 * it costs O(log n) and stays exact while servers come and go.
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { WeightTree } from '../../core/weight-tree.ts';
import { policy } from '../registry.ts';
import { Unreported } from './unreported.ts';
import type { Balancer } from './balancer.ts';

export class Weighted extends Unreported implements Balancer {
  readonly #rng: Rng;
  readonly #weights = new WeightTree();

  constructor(rng: Rng) {
    super();
    this.#rng = rng;
  }

  pick(): ServerId {
    return this.#weights.at(this.#rng.next() * this.#weights.total);
  }

  sent(): void {}
  settled(): void {}

  joined(_now: number, server: ServerId, weight: number): void {
    this.#weights.set(server, weight);
  }

  left(_now: number, server: ServerId): void {
    this.#weights.set(server, 0);
  }
}

export const weighted = policy({
  summary: 'Every eligible server with a chance in proportion to its weight.',
  options: z.strictObject({}),
  facts: {
    rule: 'Draw a point on the line of the candidates laid end to end, each as long as its weight.',
    follows: "the reference's `weighted` (weighted random, not weighted round robin)",
    good: 'servers of known, unlike capacity',
    bad: 'weights that are wrong or go stale; short bursts, as chance clusters',
    cost: 'O(log n)',
  },
  make: (_options, rng) => new Weighted(rng),
});
