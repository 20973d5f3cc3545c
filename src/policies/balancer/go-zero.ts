/**
 * go-zero's p2c: of two distinct candidates the one with the lower load, the whole part of sqrt(latency in ns + 1) times
 * (calls in flight + 1). Latency and success are averages over 10 s that move when a call ends; up to three pairs are
 * drawn until both are healthy (success above one half), and the loser goes first when it has not been picked for 1 s.
 * As in zrpc/internal/balancer/p2c/p2c.go @c02fb3a. Averages are whole numbers there and here, which costs the success
 * average a little at each answer.
 * Pathology: a server without history has latency 0, load 1: it wins every draw until its first answer (herd on new);
 * the forced pick sends a call a second to a server that is known to be bad.
 */
import { z } from 'zod';
import { isFailure, type Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zDuration, type Millis } from '../../core/units.ts';
import { policy } from '../registry.ts';
import type { Balancer, Candidates } from './balancer.ts';
import { Unreported } from './unreported.ts';
import { secondDraw } from './second-draw.ts';

export interface GoZeroOptions {
  readonly decay: Millis;
  readonly force: Millis;
}

const PAIRS = 3;
/** Success is counted in thousandths; a server is healthy above the half. */
const SUCCESS = 1000;
const NANOS = 1e6;
const NO_LOAD_PENALTY = 2 ** 31 - 1;

/** `lag` ns, `active` calls in flight. */
export const goZeroLoad = (lag: number, active: number): number =>
  Math.trunc(Math.sqrt(lag + 1)) * (active + 1) || NO_LOAD_PENALTY;

interface Node {
  /** ns, whole. */
  lag: number;
  success: number;
  active: number;
  answeredAt: Millis;
  pickedAt: Millis;
}

export class GoZero extends Unreported implements Balancer {
  readonly #options: GoZeroOptions;
  readonly #rng: Rng;
  /** By server id; kept for servers that have left, too. */
  readonly #nodes: Node[] = [];

  constructor(options: GoZeroOptions, rng: Rng) {
    super();
    this.#options = options;
    this.#rng = rng;
  }

  pick(now: Millis, _request: Request, candidates: Candidates): ServerId {
    const size = candidates.size;
    if (size === 1) return this.#choose(now, candidates.at(0), candidates.at(0));
    if (size === 2) return this.#choose(now, candidates.at(0), candidates.at(1));
    let first = 0;
    let second = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      const index = this.#rng.below(size);
      first = candidates.at(index);
      second = candidates.at(secondDraw(this.#rng, size, index));
      if (this.#healthy(first) && this.#healthy(second)) break;
    }
    return this.#choose(now, first, second);
  }

  sent(_now: Millis, server: ServerId): void {
    this.#nodes[server]!.active += 1;
  }

  settled(now: Millis, server: ServerId, outcome: Outcome, tookMs: Millis): void {
    const node = this.#nodes[server]!;
    node.active -= 1;
    const kept = node.lag === 0 ? 0 : Math.exp((node.answeredAt - now) / this.#options.decay);
    const success = isFailure(outcome) ? 0 : SUCCESS;
    node.answeredAt = now;
    node.lag = Math.trunc(node.lag * kept + tookMs * NANOS * (1 - kept));
    node.success = Math.trunc(node.success * kept + success * (1 - kept));
  }

  joined(_now: Millis, server: ServerId): void {
    while (this.#nodes.length <= server)
      this.#nodes.push({
        lag: 0,
        success: SUCCESS,
        active: 0,
        answeredAt: 0,
        pickedAt: -Infinity,
      });
  }

  left(): void {}

  #healthy(server: ServerId): boolean {
    return this.#nodes[server]!.success > SUCCESS / 2;
  }

  /** The lighter of the two, unless the heavier has not been picked for too long. */
  #choose(now: Millis, a: ServerId, b: ServerId): ServerId {
    const swap = this.#load(a) > this.#load(b);
    const [lighter, heavier] = swap ? [b, a] : [a, b];
    const forced = now - this.#nodes[heavier]!.pickedAt > this.#options.force;
    const chosen = forced ? heavier : lighter;
    this.#nodes[chosen]!.pickedAt = now;
    return chosen;
  }

  #load(server: ServerId): number {
    const node = this.#nodes[server]!;
    return goZeroLoad(node.lag, node.active);
  }
}

export const goZero = policy({
  summary:
    'Of two healthy servers drawn at random the one with the lower sqrt(latency) times calls in flight.',
  options: z.strictObject({
    decay: zDuration({ positive: true })
      .prefault('10s')
      .describe('after this long an answer counts for 1/e'),
    force: zDuration()
      .prefault('1s')
      .describe('a server not picked for longer wins the draw it would lose'),
  }),
  facts: {
    rule: 'Draw two distinct candidates, up to three times until the success average of both is above one half; load = trunc(sqrt(latency in ns + 1)) * (calls in flight + 1); the lower load wins, unless the other was not picked for `force`.',
    follows: 'go-zero @c02fb3a zrpc/internal/balancer/p2c/p2c.go (p2c_ewma)',
    good: 'servers of unlike speed where some fail: failures count, unlike in peak EWMA',
    bad: 'a new server looks infinitely fast until its first answer (herd); a broken one is tried once a second',
    cost: 'O(1)',
  },
  make: (options, rng) => new GoZero(options, rng),
});
