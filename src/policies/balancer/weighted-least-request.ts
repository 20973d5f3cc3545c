/**
 * Envoy's least_request (main of 2026-07, source/extensions/load_balancing_policies/least_request/least_request_lb.cc). Equal
 * weights: draw `choices` servers with replacement, take the one with the fewest calls, the first drawn on a tie; or look at all and draw
 * among the least (`scan`, here in O(1)). Unequal weights: turns by earliest deadline, with weight / (calls + 1)^bias read
 * when a server has its turn. Which of the two holds hangs on the candidates of the moment, as in Envoy after a rebuild.
 * Pathology: that weight is stale until the server's next turn, so a server that has got stuck keeps its old pace for one
 * more, and one that has got free waits out a long stride; a server that fails fast keeps its calls at 0 and is favoured.
 */
import { z } from 'zod';
import { EdfTurns } from '../../core/edf-turns.ts';
import { LevelSets } from '../../core/level-sets.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, zNumber } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Balancer, Candidates } from './balancer.ts';
import { Unreported } from './unreported.ts';

export interface LeastRequestOptions {
  readonly choices: number;
  readonly scan: boolean;
  readonly bias: number;
}

export class WeightedLeastRequest extends Unreported implements Balancer {
  readonly #rng: Rng;
  readonly #choices: number;
  readonly #bias: number;
  readonly #turns: EdfTurns;
  /** Candidates by calls in flight; kept for `scan` alone. */
  readonly #levels: LevelSets | null;
  readonly #present: boolean[] = [];
  readonly #weights: number[] = [];
  /** Calls in flight, by server id; kept for servers that have left, too. */
  readonly #active: number[] = [];
  /** How many candidates have each weight. */
  readonly #kinds = new Map<number, number>();

  constructor(options: LeastRequestOptions, rng: Rng) {
    super();
    this.#rng = rng;
    this.#choices = options.choices;
    this.#bias = effectiveBias(options.bias);
    this.#levels = options.scan ? new LevelSets() : null;
    this.#turns = new EdfTurns((server) => this.#weightNow(server), rng);
  }

  pick(_now: number, _request: Request, candidates: Candidates): ServerId {
    if (this.#kinds.size > 1) return this.#turns.next();
    if (this.#levels === null) return this.#leastOfDrawn(candidates);
    const { lowest } = this.#levels;
    return lowest[lowest.length === 1 ? 0 : this.#rng.below(lowest.length)]!;
  }

  sent(_now: number, server: ServerId): void {
    const active = ++this.#active[server]!;
    if (this.#present[server]) this.#levels?.set(server, active);
  }

  settled(_now: number, server: ServerId): void {
    const active = --this.#active[server]!;
    if (this.#present[server]) this.#levels?.set(server, active);
  }

  joined(_now: number, server: ServerId, weight: number): void {
    this.#active[server] ??= 0;
    this.#weights[server] = weight;
    this.#present[server] = true;
    this.#kinds.set(weight, (this.#kinds.get(weight) ?? 0) + 1);
    this.#levels?.set(server, this.#active[server]);
    this.#turns.join(server);
  }

  left(_now: number, server: ServerId): void {
    const weight = this.#weights[server]!;
    const others = this.#kinds.get(weight)! - 1;
    if (others === 0) this.#kinds.delete(weight);
    else this.#kinds.set(weight, others);
    this.#present[server] = false;
    this.#levels?.remove(server);
    this.#turns.leave(server);
  }

  #leastOfDrawn(candidates: Candidates): ServerId {
    let best = -1;
    for (let draw = 0; draw < this.#choices; draw++) {
      const server = candidates.at(this.#rng.below(candidates.size));
      if (best < 0 || this.#active[server]! < this.#active[best]!) best = server;
    }
    return best;
  }

  #weightNow(server: ServerId): number {
    const weight = this.#weights[server]!;
    if (this.#bias === 0) return weight;
    const calls = this.#active[server]! + 1;
    return weight / (this.#bias === 1 ? calls : calls ** this.#bias);
  }
}

/** A bias that makes no sense counts as 1. */
export const effectiveBias = (bias: number): number => (bias >= 0 ? bias : 1);

export const weightedLeastRequest = policy({
  summary: 'Equal weights: the least loaded of a few drawn; unequal: turns by weight and load.',
  options: z.strictObject({
    choices: zCount({ min: 1 })
      .prefault(2)
      .describe('servers drawn for each call, with replacement (equal weights)'),
    scan: z
      .boolean()
      .default(false)
      .describe('look at all servers instead, ties drawn (equal weights)'),
    bias: zNumber({ max: 100 })
      .prefault(1)
      .describe('how much calls in flight count (unequal weights); 0: not at all'),
  }),
  facts: {
    rule: 'Candidates of equal weight: draw `choices` with replacement, take the one with the fewest calls in flight, the first drawn on a tie. Of unequal weight: turns by earliest deadline, the next due (calls + 1)^bias / weight after the last.',
    follows:
      'Envoy least_request, main of 2026-07 (source/extensions/load_balancing_policies/least_request/least_request_lb.cc)',
    good: 'servers of known, unlike capacity, whose load should still count',
    bad: 'loads that change within a turn (weights are stale till then); fast failures (sinkhole)',
    cost: 'O(choices), or O(log n) with unequal weights',
  },
  make: (options, rng) => new WeightedLeastRequest(options, rng),
});
