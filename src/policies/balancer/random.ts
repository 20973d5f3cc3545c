/**
 * Random: every candidate with equal chance. It needs no state and no view of load, so nothing in it can be stale; the
 * price is the variance of chance: each server of a like fleet behaves as an M/M/1 queue of its own.
 */
import { z } from 'zod';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { policy } from '../registry.ts';
import { Unreported } from './unreported.ts';
import type { Balancer, Candidates } from './balancer.ts';

export class Random extends Unreported implements Balancer {
  readonly #rng: Rng;

  constructor(rng: Rng) {
    super();
    this.#rng = rng;
  }

  pick(_now: number, _request: Request, candidates: Candidates): ServerId {
    return candidates.at(this.#rng.below(candidates.size));
  }

  sent(): void {}
  settled(): void {}
  joined(): void {}
  left(): void {}
}

export const random = policy({
  summary: 'Every eligible server with equal chance.',
  options: z.strictObject({}),
  facts: {
    rule: 'Draw one of the candidates uniformly.',
    follows: "the reference's `random`",
    good: 'as a baseline, and where many balancers share a fleet',
    bad: 'queues: p99 is far above that of any policy that looks at load',
    cost: 'O(1)',
  },
  make: (_options, rng) => new Random(rng),
});
