/**
 * Power of choices with weights: nginx's `random two least_conn` (1.29, src/http/modules/ngx_http_upstream_random_module.c) draws two
 * different servers, each with a chance in proportion to its weight, and takes the one with fewer calls for its weight, the
 * second on a tie. With `replacement` it is HAProxy's balance random(n) (3.3-dev of 2026-08, src/backend.c), its default
 * algorithm. nginx gives a second draw 20 tries to differ and then takes turns; here the first draw then stands.
 * Pathology: a server that fails fast looks idle (sinkhole, milder than with a full view).
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount } from '../../core/units.ts';
import { WeightTree } from '../../core/weight-tree.ts';
import { policy } from '../registry.ts';
import type { Balancer, Candidates } from './balancer.ts';
import type { P2cOptions } from './p2c.ts';
import { Unreported } from './unreported.ts';

const TRIES = 20;

export class WeightedP2c extends Unreported implements Balancer {
  readonly #choices: number;
  readonly #replacement: boolean;
  readonly #rng: Rng;
  readonly #tree = new WeightTree();
  readonly #weights: number[] = [];
  /** Calls in flight, by server id. */
  readonly #active: number[] = [];
  readonly #drawn: ServerId[] = [];

  constructor(options: P2cOptions, rng: Rng) {
    super();
    this.#choices = options.choices;
    this.#replacement = options.replacement;
    this.#rng = rng;
  }

  pick(_now: number, _request: unknown, candidates: Candidates): ServerId {
    const drawn = this.#drawn;
    const choices = this.#replacement ? this.#choices : Math.min(this.#choices, candidates.size);
    let best = this.#draw();
    drawn.length = 0;
    drawn.push(best);
    for (let tries = TRIES; drawn.length < choices && tries > 0; tries--) {
      const server = this.#draw();
      if (!this.#replacement && drawn.includes(server)) continue;
      drawn.push(server);
      if (this.#load(server) <= this.#load(best)) best = server;
    }
    return best;
  }

  sent(_now: number, server: ServerId): void {
    this.#active[server]! += 1;
  }

  settled(_now: number, server: ServerId): void {
    this.#active[server]! -= 1;
  }

  joined(_now: number, server: ServerId, weight: number): void {
    this.#weights[server] = weight;
    this.#active[server] ??= 0;
    this.#tree.set(server, weight);
  }

  left(_now: number, server: ServerId): void {
    this.#tree.set(server, 0);
  }

  #draw(): ServerId {
    return this.#tree.at(this.#rng.next() * this.#tree.total);
  }

  #load(server: ServerId): number {
    return this.#active[server]! / this.#weights[server]!;
  }
}

export const weightedP2c = policy({
  summary: 'The less loaded, for its weight, of two servers drawn by weight.',
  options: z.strictObject({
    choices: zCount({ min: 1, max: 20 }).prefault(2).describe('servers drawn for each call'),
    replacement: z.boolean().default(false).describe('the same server may be drawn twice'),
  }),
  facts: {
    rule: 'Draw `choices` candidates with chances in proportion to their weights, take the one with the fewest calls in flight for its weight; the last drawn wins a tie.',
    follows:
      'nginx random two least_conn, 1.29 (src/http/modules/ngx_http_upstream_random_module.c); with `replacement` HAProxy balance random(n), 3.3-dev of 2026-08',
    good: 'large fleets of unlike servers, and several balancers: near the best, without the herd',
    bad: 'weights that are wrong; fast failures (sinkhole, milder)',
    cost: 'O(choices log n)',
  },
  make: (options, rng) => new WeightedP2c(options, rng),
});
