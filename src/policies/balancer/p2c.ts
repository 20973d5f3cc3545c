/**
 * Power of d choices: draw d candidates, take the one with the fewest calls in flight, the first drawn on a tie.
 * Two choices already turn the exponential tail of random into a doubly exponential one (Mitzenmacher 2001). Distinct
 * draws as in Finagle's P2C; `replacement` draws as Envoy's least_request does with equal weights, where for two
 * servers the same one is drawn twice half of the time.
 */
import { z } from 'zod';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount } from '../../core/units.ts';
import { policy } from '../registry.ts';
import { Unreported } from './unreported.ts';
import type { Balancer, Candidates } from './balancer.ts';

export interface P2cOptions {
  readonly choices: number;
  readonly replacement: boolean;
}

export class P2c extends Unreported implements Balancer {
  readonly #rng: Rng;
  readonly #choices: number;
  readonly #replacement: boolean;
  /** Calls in flight, by server id. */
  readonly #active: number[] = [];
  /** Indexes drawn so far, ascending: the gaps that a distinct draw must step over. */
  readonly #drawn: number[] = [];

  constructor(options: P2cOptions, rng: Rng) {
    super();
    this.#rng = rng;
    this.#choices = options.choices;
    this.#replacement = options.replacement;
  }

  pick(_now: number, _request: Request, candidates: Candidates): ServerId {
    const size = candidates.size;
    const draws = this.#replacement ? this.#choices : Math.min(this.#choices, size);
    let best = -1;
    this.#drawn.length = 0;
    for (let draw = 0; draw < draws; draw++) {
      const index = this.#replacement ? this.#rng.below(size) : this.#distinct(size, draw);
      const server = candidates.at(index);
      if (best < 0 || this.#active[server]! < this.#active[best]!) best = server;
    }
    return best;
  }

  sent(_now: number, server: ServerId): void {
    this.#active[server]! += 1;
  }

  settled(_now: number, server: ServerId): void {
    this.#active[server]! -= 1;
  }

  joined(_now: number, server: ServerId): void {
    while (this.#active.length <= server) this.#active.push(0);
  }

  left(): void {}

  /** Uniform among the indexes not drawn yet: draw from what is left, then step over the gaps below. */
  #distinct(size: number, taken: number): number {
    let index = this.#rng.below(size - taken);
    let gap = 0;
    while (gap < taken && this.#drawn[gap]! <= index) {
      index++;
      gap++;
    }
    if (taken + 1 < this.#choices) this.#drawn.splice(gap, 0, index);
    return index;
  }
}

export const p2c = policy({
  summary: 'The less loaded of two servers drawn at random.',
  options: z.strictObject({
    choices: zCount({ min: 1 }).prefault(2).describe('servers drawn for each call'),
    replacement: z.boolean().default(false).describe('the same server may be drawn twice'),
  }),
  facts: {
    rule: 'Draw `choices` candidates, take the one with the fewest calls in flight; the first drawn wins a tie.',
    follows:
      'Finagle @4feb34c p2c/P2CPick.scala (distinct draws); with `replacement` Envoy @56af06f least_request and gRPC A48',
    good: 'large fleets and several balancers: near the best, without the herd',
    bad: 'unlike servers (it counts calls, not capacity) and fast failures (sinkhole, milder)',
    cost: 'O(choices)',
  },
  make: (options, rng) => new P2c(options, rng),
});
