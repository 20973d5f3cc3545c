/**
 * Aperture: a balancer that is one of many uses only a part of a large fleet, and power of two choices inside it; so each
 * server has few callers, and a balancer's own view of load means something. As in Finagle @4feb34c (loadbalancer/
 * aperture/): `deterministic` cuts the parts from a ring that all balancers share, so that every server is in equally
 * many; `random` takes servers in a random order and sizes its part by a band of calls in flight per server.
 * This run holds one balancer of the `clients`, so servers outside its part get nothing: compare parts of a size with
 * the load of one client.
 * Pathology: parts drawn at random overlap by chance, so that some servers are in many and some in none.
 */
import { z } from 'zod';
import type { ServerId } from '../../core/request.ts';
import type { Rng } from '../../core/rng.ts';
import { zCount, zDuration, zNumber, type Millis } from '../../core/units.ts';
import { within } from '../../core/within.ts';
import { policy } from '../registry.ts';
import { BandWindow, RingWindow, type Window } from './aperture-window.ts';
import type { Balancer } from './balancer.ts';
import { Unreported } from './unreported.ts';

export interface ApertureOptions {
  readonly kind: 'deterministic' | 'random';
  readonly clients: number;
  readonly peer: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  readonly smooth: Millis;
}

/** Weights closer than this are equal. */
const SAME_WEIGHT = 1e-4;

export class Aperture extends Unreported implements Balancer {
  readonly #window: Window;
  /** Calls in flight, by server id and in all. */
  readonly #active: number[] = [];
  #calls = 0;

  constructor(options: ApertureOptions, rng: Rng) {
    super();
    const { kind, clients, peer, min } = options;
    this.#window =
      kind === 'random'
        ? new BandWindow(min, options, rng)
        : new RingWindow(clients, peer, min, rng);
  }

  /** Servers it uses now. */
  get size(): number {
    return this.#window.size;
  }

  pick(): ServerId {
    const window = this.#window;
    const first = window.first();
    const second = window.second(first);
    if (first === second) return first;
    const [a, b] = [window.weight(first), window.weight(second)];
    const [mine, other] = Math.abs(a - b) < SAME_WEIGHT ? [1, 1] : [a, b];
    return this.#active[first]! / mine <= this.#active[second]! / other ? first : second;
  }

  sent(now: Millis, server: ServerId): void {
    this.#active[server]! += 1;
    this.#window.loaded(now, ++this.#calls);
  }

  settled(now: Millis, server: ServerId): void {
    this.#active[server]! -= 1;
    this.#window.loaded(now, --this.#calls);
  }

  joined(_now: Millis, server: ServerId): void {
    while (this.#active.length <= server) this.#active.push(0);
    this.#window.joined(server);
  }

  left(_now: Millis, server: ServerId): void {
    this.#window.left(server);
  }
}

export const aperture = policy({
  summary:
    'The less loaded of two servers from a part of the fleet, as one of many balancers that share it.',
  options: z
    .strictObject({
      kind: z
        .enum(['deterministic', 'random'])
        .default('deterministic')
        .describe(
          'the part is cut from a ring that all balancers share, or drawn and sized by load',
        ),
      clients: zCount({ min: 1, max: 100_000 })
        .prefault(1)
        .describe('balancers that share the fleet, this one included (deterministic)'),
      peer: zCount().prefault(0).describe('which of them this is, from 0 (deterministic)'),
      min: zCount({ min: 1 }).prefault(12).describe('least servers in the part'),
      low: zNumber()
        .prefault(0.875)
        .describe('calls in flight per server below which it shrinks (random)'),
      high: zNumber()
        .prefault(1.125)
        .describe('calls in flight per server above which it grows (random)'),
      smooth: zDuration({ positive: true })
        .prefault('15s')
        .describe('the calls in flight are averaged over this long (random)'),
    })
    .superRefine(within('peer', 'below', 'clients')),
  facts: {
    rule: 'Draw two distinct servers of the part, take the one with fewer calls in flight for the share of it inside. Deterministic: the arc from peer/clients on, ceil(min/n * clients)/clients wide. Random: the first servers of a random order, one more while the average calls in flight per server are at least `high`, one less at most `low`.',
    follows:
      'Finagle @4feb34c loadbalancer/aperture (DeterministicAperture, Ring, RandomAperture, LoadBand)',
    good: 'fleets of hundreds with many balancers: fewer connections, and counts of calls that mean something',
    bad: 'one balancer for the whole fleet: with more than one of `clients` it leaves servers idle',
    cost: 'O(log n)',
  },
  make: (options, rng) => new Aperture(options, rng),
});
