import { describe, expect, it } from 'vitest';
import { emptyReport } from '../../../src/core/load-report.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { sequential } from '../../../src/core/rng.ts';
import type { ServerId } from '../../../src/core/request.ts';
import { CandidateSet } from '../../../src/fleet/candidate-set.ts';
import { NOBODY } from '../../../src/policies/balancer/balancer.ts';
import { Prequal, type PrequalOptions } from '../../../src/policies/balancer/prequal.ts';
import { ProbePool } from '../../../src/policies/balancer/probe-pool.ts';
import { RecentQuantile } from '../../../src/policies/balancer/recent-quantile.ts';
import { request } from '../../contracts/balancer-arena.ts';

const OPTIONS: PrequalOptions = {
  pool: 16,
  age: 1000,
  probes: 3,
  removes: 1,
  delta: 1,
  reuse: 16,
  hot: 0.84,
  history: 64,
};

class Fleet {
  readonly balancer: Prequal;
  readonly candidates = new CandidateSet();

  constructor(servers: number, options: Partial<PrequalOptions> = {}) {
    this.balancer = new Prequal({ ...OPTIONS, ...options }, sequential(1, 'prequal'));
    for (let server = 0; server < servers; server++) this.candidates.add(server);
  }

  pick(now: number): ServerId {
    return this.balancer.pick(now, request(now, now), this.candidates);
  }

  report(now: number, server: ServerId, rif: number, latencyMs: number): void {
    this.balancer.reported(now, server, { ...emptyReport(), busy: rif, latencyMs });
  }

  asked(): ServerId[] {
    const asked: ServerId[] = [];
    for (let next = this.balancer.poll(); next !== NOBODY; next = this.balancer.poll())
      asked.push(next);
    return asked;
  }
}

describe('the pool', () => {
  const add = (pool: ProbePool, server: ServerId, at: number, rif = 1, uses = 2): void =>
    pool.add({ server, at, rif, latencyMs: 1, uses });

  it('forgets a server on demand, and nobody else', () => {
    const pool = new ProbePool(4);
    for (const server of [0, 1, 2]) add(pool, server, server);
    pool.forget(1);
    pool.forget(3);
    expect(pool.servers.sort()).toEqual([0, 2]);
  });

  it('keeps the newest probe of a server, and drops the oldest when it is full', () => {
    const pool = new ProbePool(2);
    add(pool, 0, 1);
    add(pool, 0, 2);
    add(pool, 1, 3);
    add(pool, 2, 4);
    expect(pool.servers.sort()).toEqual([1, 2]);
  });

  it('counts a use as one more call in flight, and drops a probe that is used up', () => {
    const pool = new ProbePool(16);
    add(pool, 4, 0);
    const probe = pool.best(9, { has: () => true })!;
    pool.use(probe);
    expect([probe.rif, probe.uses]).toEqual([2, 1]);
    pool.use(probe);
    expect(pool.size).toBe(0);
  });

  it('passes over servers that may not be picked', () => {
    const pool = new ProbePool(16);
    add(pool, 1, 0);
    add(pool, 2, 0, 5);
    expect(pool.best(9, new Set([2]))?.server).toBe(2);
    expect(pool.best(9, new Set())).toBeNull();
  });
});

describe('the quantile of recent numbers', () => {
  it('is over the last of them, rounded down', () => {
    const recent = new RecentQuantile(5);
    expect(recent.at(0.5)).toBe(Infinity);
    for (const value of [9, 1, 2, 3, 4, 5]) recent.add(value);
    expect([0, 0.5, 1].map((share) => recent.at(share))).toEqual([1, 3, 5]);
  });

  it('forgets one of equals at a time', () => {
    const recent = new RecentQuantile(3);
    for (const value of [2, 2, 7, 2]) recent.add(value);
    expect([0, 0.5, 1].map((share) => recent.at(share))).toEqual([2, 2, 7]);
  });
});

describe('a call', () => {
  it('asks three servers, never one twice, and each as often as any', () => {
    const fleet = new Fleet(10);
    const asked = new Map<ServerId, number>();
    for (let now = 0; now < 2000; now++) {
      fleet.pick(now);
      const targets = fleet.asked();
      expect(new Set(targets).size).toBe(3);
      for (const target of targets) asked.set(target, (asked.get(target) ?? 0) + 1);
    }
    for (let server = 0; server < 10; server++)
      expect(Math.abs(asked.get(server)! - 600)).toBeLessThan(4 * Math.sqrt(2000 * 0.3 * 0.7));
  });

  it('asks all there are when those are fewer', () => {
    const fleet = new Fleet(2);
    fleet.pick(0);
    expect(fleet.asked().sort()).toEqual([0, 1]);
  });

  it('goes to the fastest server that is not among the busiest', () => {
    const fleet = new Fleet(4, { probes: 0, removes: 0 });
    // The quantile of 84 % of [1, 2, 3, 40] is the third.
    const tell = (now: number): void => {
      fleet.report(now, 0, 40, 1);
      fleet.report(now, 1, 3, 20);
      fleet.report(now, 2, 2, 50);
      fleet.report(now, 3, 1, 90);
    };
    tell(0);
    expect(fleet.pick(1)).toBe(1);
  });

  it('leaves a server whose probe it has used to the others: one more in flight makes it hot', () => {
    const fleet = new Fleet(3, { probes: 0, removes: 0, hot: 0.5 });
    fleet.report(0, 0, 2, 10);
    fleet.report(0, 1, 2, 20);
    fleet.report(0, 2, 2, 30);
    expect([1, 2, 3].map((now) => fleet.pick(now))).toEqual([0, 1, 2]);
  });

  it('that fails drops what its server has told; one that is given up or refused by a tool does not', () => {
    const next = (outcome: Outcome): ServerId => {
      const fleet = new Fleet(3, { probes: 0, removes: 0 });
      for (const server of [0, 1, 2]) fleet.report(0, server, 1, 10 * (server + 1));
      expect(fleet.pick(1)).toBe(0);
      fleet.report(2, 0, 1, 10);
      fleet.balancer.settled(3, 0, outcome);
      return fleet.pick(4);
    };
    expect((['http-5xx', 'timeout', 'refused'] as const).map(next)).toEqual([1, 1, 1]);
    expect((['ok', 'tool-error', 'cancelled'] as const).map(next)).toEqual([0, 0, 0]);
  });

  it('goes by no probe that is older than a second', () => {
    const fleet = new Fleet(50, { probes: 0, removes: 0 });
    for (const server of [0, 1]) fleet.report(0, server, 0, 1);
    expect([0, 1]).toContain(fleet.pick(1000));
    for (const server of [0, 1]) fleet.report(0, server, 0, 1);
    const picks = new Set(Array.from({ length: 100 }, () => fleet.pick(1001)));
    expect(picks.size).toBeGreaterThan(20);
  });

  it('drops a probe with each call, in turns the oldest and the worst', () => {
    // Nobody is hot below 50 in flight. Server 3 is fastest; 9 goes as the oldest, 0 as the slowest left, then 1, then 2.
    const fleet = new Fleet(10, { probes: 0, hot: 1 });
    fleet.report(0, 9, 50, 99);
    for (let server = 0; server < 4; server++) fleet.report(server + 1, server, 1, 40 - server);
    expect([10, 11, 12, 13].map((now) => fleet.pick(now))).toEqual([3, 3, 3, 3]);
    const picks = new Set(Array.from({ length: 100 }, () => fleet.pick(14)));
    expect(picks.size).toBeGreaterThan(5);
  });

  it('uses a probe as often as the budget says, rounded by chance', () => {
    // 40 servers: (1 - 16/40) * 3 - 0 = 1.8, so 1 + 1/1.8 uses on average, one or two each.
    const rounds = 2000;
    const fleet = new Fleet(40, { removes: 0 });
    fleet.pick(0);
    let uses = 0;
    for (let round = 0; round < rounds; round++) {
      const now = round * 10_000;
      // Slow ones, told anew before each pick, keep the pool from running dry.
      const pick = (): ServerId => {
        for (const slow of [1, 2]) fleet.report(now, slow, 60, 99);
        return fleet.pick(now);
      };
      fleet.report(now, 0, 0, 1);
      while (pick() === 0) uses++;
    }
    const part = 1 / 1.8;
    const bound = 4 * Math.sqrt((part * (1 - part)) / rounds);
    expect(Math.abs(uses / rounds - 1 - part)).toBeLessThan(bound);
  });
});

it('is drawn to a server that fails fast, as that reports nothing to do: the sinkhole', () => {
  const fleet = new Fleet(10);
  let sunk = 0;
  for (let now = 0; now < 1000; now++) {
    if (fleet.pick(now) === 0) sunk++;
    for (const server of fleet.asked())
      fleet.report(now, server, server === 0 ? 0 : 8, server === 0 ? 0.1 : 50);
  }
  expect(sunk).toBeGreaterThan(300);
});
