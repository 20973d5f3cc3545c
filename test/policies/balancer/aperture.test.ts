import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import type { ServerId } from '../../../src/core/request.ts';
import { Aperture, type ApertureOptions } from '../../../src/policies/balancer/aperture.ts';
import { RingWindow } from '../../../src/policies/balancer/aperture-window.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

const OPTIONS: ApertureOptions = {
  kind: 'deterministic',
  clients: 1,
  peer: 0,
  min: 12,
  low: 0.875,
  high: 1.125,
  smooth: 15_000,
};
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

const fleet = (servers: number, options: Partial<ApertureOptions>) => {
  const balancer = new Aperture({ ...OPTIONS, ...options }, sequential(1, 'aperture'));
  return { balancer, arena: new Arena(balancer, range(servers)) };
};

describe('deterministic', () => {
  it('is the whole fleet for a balancer that has it to itself', () => {
    const { balancer, arena } = fleet(100, {});
    expect(balancer.size).toBe(100);
    expect(arena.tally(10_000).size).toBe(100);
  });

  it('is twelve servers or the few more that whole widths need, and no call leaves it', () => {
    // 100 servers, 50 balancers of two each: 12 servers are six widths.
    const { balancer, arena } = fleet(100, { clients: 50, peer: 49 });
    expect(balancer.size).toBe(12);
    const used = [...arena.tally(5000).keys()].sort((a, b) => a - b);
    expect(used).toEqual([...range(10), 98, 99]);
  });

  it.each([
    { servers: 100, clients: 7 },
    { servers: 30, clients: 11 },
    { servers: 13, clients: 40 },
  ])('covers each of $servers servers alike over all $clients balancers', (of) => {
    const { servers, clients } = of;
    const covered = range(servers).map(() => 0);
    let width = 0;
    for (let peer = 0; peer < clients; peer++) {
      const window = new RingWindow(clients, peer, 12, sequential(1, 'window'));
      for (const server of range(servers)) window.joined(server);
      const weights = range(servers).map((server) => {
        const seen = window.weight(server);
        return Number.isNaN(seen) ? 0 : seen;
      });
      const drawn = new Set(range(4000).map(() => window.first()));
      for (const server of drawn) covered[server]! += weights[server]!;
      width = window.size;
    }
    expect(width).toBeGreaterThanOrEqual(Math.min(12, servers));
    for (const share of covered) expect(share).toBeCloseTo(covered[0]!, 6);
  });

  it('gives a server at its edge calls by the part of it inside', () => {
    // Five servers, two of three thirds of the ring: three whole servers and a third of the next.
    const { balancer, arena } = fleet(5, { clients: 3, min: 3 });
    expect(balancer.size).toBe(4);
    const counts = range(5).map(() => 0);
    for (let call = 0; call < 4000; call++) counts[arena.call()]! += 1;
    const share = 4000 / (10 / 3);
    for (const server of [0, 1, 2]) expect(Math.abs(counts[server]! - share)).toBeLessThan(20);
    expect(Math.abs(counts[3]! - share / 3)).toBeLessThan(20);
    expect(counts[4]).toBe(0);
  });
});

describe('random', () => {
  it('begins with the least servers it may have', () => {
    const { balancer, arena } = fleet(100, { kind: 'random' });
    expect(balancer.size).toBe(12);
    expect(arena.tally(3000).size).toBe(12);
  });

  it('grows while calls in flight per server are above the band, and shrinks when they are gone', () => {
    const { balancer, arena } = fleet(100, { kind: 'random', smooth: 10 });
    for (let call = 0; call < 60; call++) arena.call();
    // Each call came 1 ms after the other, so the average lags by some ten calls.
    expect(balancer.size).toBeGreaterThan(35);
    expect(balancer.size).toBeLessThanOrEqual(60);
    while (arena.inFlight.length > 0) arena.settle(0);
    arena.tally(200);
    expect(balancer.size).toBe(12);
  });

  it('keeps its servers when others leave, and gives a returning one its old place', () => {
    const { arena } = fleet(100, { kind: 'random' });
    const used = new Set<ServerId>(arena.tally(3000).keys());
    const outsider = range(100).find((server) => !used.has(server))!;
    const insider = [...used][0]!;
    arena.leave(outsider);
    arena.leave(insider);
    arena.join(insider);
    expect(new Set(arena.tally(3000).keys())).toEqual(used);
  });
});
