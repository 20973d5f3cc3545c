import { describe, expect, it } from 'vitest';
import { emptyReport } from '../../../src/core/load-report.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import { sequential } from '../../../src/core/rng.ts';
import type { ServerId } from '../../../src/core/request.ts';
import { CandidateSet } from '../../../src/fleet/candidate-set.ts';
import { C3, c3Rank } from '../../../src/policies/balancer/c3.ts';
import { request } from '../../contracts/balancer-arena.ts';

class Fleet {
  readonly #balancer: C3;
  readonly #candidates = new CandidateSet();
  readonly #totals: { busyMs: number; finished: number }[] = [];

  constructor(servers: number, clients = 1) {
    this.#balancer = new C3(clients, sequential(1, 'c3'));
    for (let server = 0; server < servers; server++) {
      this.#candidates.add(server);
      this.#balancer.joined(0, server);
      this.#totals.push({ busyMs: 0, finished: 0 });
    }
  }

  pick(): ServerId {
    return this.#balancer.pick(0, request(0, 0), this.#candidates);
  }

  sent(server: ServerId): void {
    this.#balancer.sent(0, server);
  }

  answer(server: ServerId, tookMs: number, outcome: Outcome = 'ok'): void {
    this.#balancer.sent(0, server);
    this.#balancer.settled(0, server, outcome, tookMs);
  }

  report(server: ServerId, workMs: number, queued: number): void {
    const totals = this.#totals[server]!;
    totals.busyMs += workMs;
    totals.finished += 1;
    this.#balancer.reported(0, server, { ...emptyReport(), ...totals, queued });
  }
}

describe('the rank', () => {
  it('grows with the cube of what is in the queue, counting what other balancers may have sent', () => {
    expect(c3Rank(10, 5, 0, 0, 3)).toBe(10);
    expect(c3Rank(10, 5, 2, 1, 3)).toBe(10 - 5 + 6 ** 3 * 5);
  });
});

describe('a pick', () => {
  it('is the server of least rank', () => {
    const fleet = new Fleet(3);
    for (const server of [0, 1, 2]) fleet.answer(server, server === 1 ? 10 : 40);
    expect(fleet.pick()).toBe(1);
    for (let call = 0; call < 2; call++) fleet.sent(1);
    expect(fleet.pick()).not.toBe(1);
  });

  it('heeds the queue that a server reports', () => {
    const fleet = new Fleet(2);
    for (const server of [0, 1]) fleet.answer(server, 10);
    fleet.report(0, 10, 5);
    fleet.report(1, 10, 0);
    expect(fleet.pick()).toBe(1);
  });

  it('tells time at work from time in the queue: the slow worker is worse than the long wait', () => {
    const fleet = new Fleet(2);
    for (const server of [0, 1]) fleet.answer(server, 50);
    fleet.report(0, 50, 1);
    fleet.report(1, 5, 1);
    expect(fleet.pick()).toBe(1);
  });

  it('tries those first that have never answered', () => {
    const fleet = new Fleet(3);
    fleet.answer(0, 1);
    fleet.answer(1, 1);
    expect(fleet.pick()).toBe(2);
  });

  it('herds on a server that never answers but with failures', () => {
    const fleet = new Fleet(3);
    fleet.answer(0, 1);
    fleet.answer(1, 1);
    for (let call = 0; call < 20; call++) {
      expect(fleet.pick()).toBe(2);
      fleet.answer(2, 1, 'http-5xx');
    }
  });

  it('brings a slow server back in the running: each time it loses it nears the winner by 0.15 of the way', () => {
    const fleet = new Fleet(2);
    fleet.answer(0, 10);
    fleet.answer(1, 1000);
    // With one call in flight on the winner its rank is 10 - 10 + 8 * 10 = 80; 10 + 990 * 0.85^k is below after 17.
    let losses = 0;
    for (; losses < 100; losses++) {
      if (fleet.pick() === 1) break;
      if (losses === 16) fleet.sent(0);
    }
    expect(losses).toBe(17);
  });
});
