/**
 * Envoy's least request by draws: raw random integers, host = draw mod n, with replacement; a later draw wins only
 * with strictly fewer calls. Put to p2c with those draws for dice and with calls really sent.
 */
import { z } from 'zod';
import type { Request } from '../../src/core/request.ts';
import type { Rng } from '../../src/core/rng.ts';
import { P2c } from '../../src/policies/balancer/p2c.ts';
import { ruleOf } from './rule.ts';

const COUNT = z.int().min(0);
const ROW = z.object({
  /** Calls in flight, by host. */
  active: z.array(COUNT).min(1),
  draws: z.array(COUNT).min(1),
  expectedHost: COUNT,
});

const hasDraws = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && 'draws' in row;

export const twoChoices = ruleOf(
  ROW,
  ({ active, draws, expectedHost }) => {
    const dice = new Dice(draws);
    const balancer = new P2c({ choices: draws.length, replacement: true }, dice);
    for (const [host, calls] of active.entries()) {
      balancer.joined(0, host);
      for (let call = 0; call < calls; call++) balancer.sent(0, host);
    }
    const hosts = [...active.keys()];
    const picked = balancer.pick(0, REQUEST, {
      size: hosts.length,
      at: (index) => hosts[index]!,
      has: (host) => hosts.includes(host),
    });
    if (dice.left !== 0) return `${dice.left} of ${draws.length} draws were not used`;
    return picked === expectedHost ? null : `expected host ${expectedHost}, got ${picked}`;
  },
  hasDraws,
);

const REQUEST: Request = {
  arrival: 0,
  call: 0,
  kind: 'call',
  tool: 0,
  safe: true,
  era: 'modern',
  session: 0,
  at: 0,
  key: 0,
  account: 0,
};

class Dice implements Rng {
  readonly #draws: number[];

  constructor(draws: readonly number[]) {
    this.#draws = [...draws];
  }

  get left(): number {
    return this.#draws.length;
  }

  next(): number {
    throw new Error('p2c draws whole numbers only');
  }

  below(n: number): number {
    const draw = this.#draws.shift();
    if (draw === undefined) throw new Error('p2c drew more often than the case has draws');
    return draw % n;
  }
}
