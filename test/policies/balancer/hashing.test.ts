import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import type { Request, ServerId } from '../../../src/core/request.ts';
import { HashTableBalancer, type HashTable } from '../../../src/policies/balancer/hash-table.ts';
import { Maglev } from '../../../src/policies/balancer/maglev.ts';
import { Rendezvous } from '../../../src/policies/balancer/rendezvous.ts';
import { Ring } from '../../../src/policies/balancer/ring-hash.ts';
import { Arena, request } from '../../contracts/balancer-arena.ts';

const PLACES = 100_000;
/** Places spread evenly over all there are: their owners are the shares of the table itself. */
const sharesOf = (table: HashTable): Map<ServerId, number> => {
  const shares = new Map<ServerId, number>();
  for (let k = 0; k < PLACES; k++) {
    const owner = table.at(Math.floor((k / PLACES) * 2 ** 32));
    shares.set(owner, (shares.get(owner) ?? 0) + 1 / PLACES);
  }
  return shares;
};
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const built = <Table extends HashTable>(table: Table, weights: readonly number[]): Table => {
  table.build(range(weights.length), weights);
  return table;
};
const ones = (count: number): number[] => range(count).map(() => 1);
/** Share of the places whose owner is another. */
const moved = (a: HashTable, b: HashTable): number => {
  const places = range(PLACES).map((k) => Math.floor((k / PLACES) * 2 ** 32));
  return places.filter((place) => a.at(place) !== b.at(place)).length / PLACES;
};

describe('a ring', () => {
  it.each([
    // Envoy: ceil(least share * 1024) points for the lightest, whole.
    { servers: 1, points: 1024 },
    { servers: 3, points: 3 * 342 },
    { servers: 100, points: 1100 },
    { servers: 1024, points: 1024 },
    { servers: 5000, points: 5000 },
  ])('of $servers equal servers has $points points', ({ servers, points }) => {
    expect(built(new Ring(1024, 8_388_608), ones(servers)).size).toBe(points);
  });

  it('is cut to its greatest size', () => {
    expect(built(new Ring(1024, 1050), ones(100)).size).toBe(1050);
  });

  it('gives a server points by its weight, and the lightest a whole number', () => {
    expect(built(new Ring(1000, 1e6), [1, 2, 5, 0.5]).size).toBe(59 * 17);
  });

  it.each([10, 100])('of %i servers is as uneven as points by chance are, not more', (servers) => {
    // A server's arc of m of R random points has mean m/R and variance m (R - m) / (R^2 (R + 1)). The mean square of the
    // deviations of n servers strays from that by about sqrt(2/n) of it; five such are allowed.
    const ring = built(new Ring(1024, 1e6), ones(servers));
    const size = ring.size;
    const points = size / servers;
    const variance = (points * (size - points)) / (size ** 2 * (size + 1));
    const squares = [...sharesOf(ring).values()].map((share) => (share - 1 / servers) ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / servers / variance;
    expect(mean).toBeGreaterThan(1 - Math.min(0.8, 5 * Math.sqrt(2 / servers)));
    expect(mean).toBeLessThan(1 + 5 * Math.sqrt(2 / servers));
  });

  it('leaves all other keys where they are while the points per server stay the same', () => {
    const ring = new Ring(1024, 1e6);
    const all = built(new Ring(1024, 1e6), ones(2000));
    ring.build(range(1999), ones(1999));
    const lost = sharesOf(all).get(1999) ?? 0;
    expect(moved(all, ring)).toBeCloseTo(lost, 10);
  });
});

describe('a Maglev table', () => {
  it.each([3, 100, 1000])('shares its places among %i servers to within one', (servers) => {
    const owned = new Map<ServerId, number>();
    const table = built(new Maglev(65_537), ones(servers));
    for (let place = 0; place < 65_537; place++) {
      const owner = table.at(place);
      owned.set(owner, (owned.get(owner) ?? 0) + 1);
    }
    expect(Math.max(...owned.values()) - Math.min(...owned.values())).toBeLessThanOrEqual(1);
  });

  it('shares them by weight', () => {
    const shares = sharesOf(built(new Maglev(65_537), [1, 2, 5, 0.5]));
    [1, 2, 5, 0.5].forEach((weight, server) =>
      expect(shares.get(server)).toBeCloseTo(weight / 8.5, 3),
    );
  });

  it('moves more keys than need be when a server leaves, at most as many again', () => {
    const before = built(new Maglev(65_537), ones(20));
    const after = built(new Maglev(65_537), ones(19));
    expect(moved(before, after)).toBeGreaterThan(1.05 / 20);
    expect(moved(before, after)).toBeLessThan(2 / 20);
  });
});

describe('rendezvous', () => {
  const make = (): Rendezvous =>
    new Rendezvous({ by: 'key', balance: null }, sequential(1, 'rendezvous'));
  const KEYS = range(5000).map((key) => key + 1);

  it('moves the keys of a server that leaves and no other, spread over all the rest', () => {
    const arena = new Arena(make(), range(20));
    const before = KEYS.map((key) => arena.callAlone(key));
    arena.leave(7);
    const after = KEYS.map((key) => arena.callAlone(key));
    const heirs = new Map<ServerId, number>();
    before.forEach((home, k) => {
      if (home !== 7) expect(after[k]).toBe(home);
      else heirs.set(after[k]!, (heirs.get(after[k]!) ?? 0) + 1);
    });
    expect(heirs.size).toBe(19);
  });

  it('takes from the others what a heavier server is due, and nothing else moves', () => {
    const arena = new Arena(make(), range(10));
    const before = KEYS.map((key) => arena.callAlone(key));
    arena.leave(4);
    arena.join(4, 3);
    const after = KEYS.map((key) => arena.callAlone(key));
    after.forEach((home, k) => expect([before[k], 4]).toContain(home));
    const share = after.filter((home) => home === 4).length / KEYS.length;
    // 3 of 12 by weight; four standard errors of 5,000 keys.
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / KEYS.length));
  });
});

describe('what is hashed', () => {
  const asked = (part: Partial<Request>): Request => ({ ...request(0, 0), ...part });
  const picksOf = (by: 'key' | 'session' | 'tool', part: Partial<Request>): Set<ServerId> => {
    const balancer = new Rendezvous({ by, balance: null }, sequential(1, 'by'));
    const { candidates } = new Arena(balancer, range(50));
    return new Set(range(100).map((now) => balancer.pick(now, asked(part), candidates)));
  };

  it.each([
    { by: 'key', has: { key: 3 }, lacks: { key: 0 } },
    { by: 'session', has: { session: 3 }, lacks: { session: 0 } },
    { by: 'tool', has: { tool: 3 }, lacks: { tool: -1 } },
  ] as const)('by $by: one server for what has it, any for what has none', ({ by, has, lacks }) => {
    expect(picksOf(by, has).size).toBe(1);
    expect(picksOf(by, lacks).size).toBeGreaterThan(20);
  });
});

describe('a table that is built anew', () => {
  class Counting implements HashTable {
    builds = 0;
    #servers: readonly ServerId[] = [];

    build(servers: readonly ServerId[]): void {
      this.builds++;
      this.#servers = servers;
    }

    at(place: number): ServerId {
      return this.#servers[place % this.#servers.length]!;
    }
  }
  const make = (): { table: Counting; arena: Arena } => {
    const table = new Counting();
    const options = { by: 'key', balance: null, merge: 1000 } as const;
    const balancer = new HashTableBalancer(options, table, sequential(1, 'table'));
    return { table, arena: new Arena(balancer, range(10)) };
  };

  it('waits for the first pick, however many servers join before', () => {
    const { table, arena } = make();
    expect(table.builds).toBe(0);
    arena.tally(100);
    expect(table.builds).toBe(1);
  });

  it('takes in a change at once after a quiet second, and further ones a second later together', () => {
    const { table, arena } = make();
    arena.callAlone(1);
    arena.idle(1000);
    arena.leave(3);
    arena.callAlone(1);
    expect(table.builds).toBe(2);
    for (const server of [4, 5, 6]) {
      arena.leave(server);
      arena.callAlone(1);
    }
    expect(table.builds).toBe(2);
    arena.idle(1000);
    arena.callAlone(1);
    expect(table.builds).toBe(3);
  });

  it('does nothing for a server that was away and is back', () => {
    const { table, arena } = make();
    arena.callAlone(1);
    arena.leave(3);
    arena.callAlone(1);
    arena.join(3);
    arena.idle(5000);
    arena.tally(10);
    expect(table.builds).toBe(1);
  });
});
