import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import { sequential } from '../../../src/core/rng.ts';
import { CandidateSet } from '../../../src/fleet/candidate-set.ts';
import { GoZero } from '../../../src/policies/balancer/go-zero.ts';
import { request } from '../../contracts/balancer-arena.ts';

class Fleet {
  readonly #balancer = new GoZero({ decay: 10_000, force: 1000 }, sequential(1, 'go-zero'));
  readonly #candidates = new CandidateSet();

  constructor(servers: number) {
    for (let server = 0; server < servers; server++) {
      this.#candidates.add(server);
      this.#balancer.joined(0, server);
    }
  }

  pick(now: number): number {
    return this.#balancer.pick(now, request(0, now), this.#candidates);
  }

  answer(now: number, server: number, outcome: Outcome, tookMs: number): void {
    this.#balancer.sent(now, server);
    this.#balancer.settled(now, server, outcome, tookMs);
  }
}

describe('the load', () => {
  it('grows with the root of latency: four times slower counts as twice as loaded', () => {
    const fleet = new Fleet(2);
    fleet.answer(1, 0, 'ok', 40);
    fleet.answer(1, 1, 'ok', 10);
    // Both have been picked lately, so nothing is forced; the first draw settles who is tried for the first time.
    fleet.pick(2);
    fleet.pick(3);
    expect([4, 5, 6].map((at) => fleet.pick(at))).toEqual([1, 1, 1]);
  });
});

describe('a loser that has not been picked for a second', () => {
  it('goes first once, then loses again', () => {
    const fleet = new Fleet(2);
    fleet.answer(0, 0, 'ok', 500);
    fleet.answer(0, 1, 'ok', 10);
    expect([0, 1, 2, 500, 1000].map((at) => fleet.pick(at))).toEqual([0, 1, 1, 1, 1]);
    expect([1001, 1002, 1003].map((at) => fleet.pick(at))).toEqual([0, 1, 1]);
  });
});

describe('an unhealthy server', () => {
  it('is drawn against only when three pairs all hold one', () => {
    const fleet = new Fleet(4);
    for (let server = 0; server < 4; server++) fleet.answer(1, server, 'ok', 10);
    fleet.answer(20_000, 0, 'http-5xx', 1);
    let failing = 0;
    for (let at = 20_001; at < 20_901; at++) if (fleet.pick(at) === 0) failing++;
    // A pair of four servers holds server 0 every second time; three in a row one time in eight.
    expect(failing).toBeGreaterThan(0);
    expect(failing / 900).toBeLessThan(1 / 8 + 4 * Math.sqrt(7 / 64 / 900));
  });

  it('is one whose success average is at most a half: tool errors do not count', () => {
    const fleet = new Fleet(4);
    for (let server = 0; server < 4; server++) fleet.answer(1, server, 'ok', 10);
    fleet.answer(20_000, 0, 'tool-error', 1);
    let picked = 0;
    for (let at = 20_001; at < 20_901; at++) if (fleet.pick(at) === 0) picked++;
    expect(picked / 900).toBeGreaterThan(0.4);
  });
});
