import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/outcome.ts';
import { CandidateSet } from '../../../src/fleet/candidate-set.ts';
import { LeastTime } from '../../../src/policies/balancer/least-time.ts';
import { request } from '../../contracts/balancer-arena.ts';

/** Servers of these weights, at second `at` of the run; `answer` is a call that was alone and took so long. */
const fleet = (weights: readonly number[], inflight = false) => {
  const balancer = new LeastTime({ inflight, failTimeout: 10_000 });
  const candidates = new CandidateSet();
  weights.forEach((weight, server) => {
    balancer.joined(0, server, weight);
    candidates.add(server);
  });
  return {
    pick: (at: number) => balancer.pick(at, request(0, at), candidates),
    send: (at: number, server: number) => balancer.sent(at, server),
    end: (at: number, server: number, tookMs: number, outcome: Outcome = 'ok') =>
      balancer.settled(at, server, outcome, tookMs),
    answer: (at: number, server: number, tookMs: number, outcome: Outcome = 'ok') => {
      balancer.sent(at - tookMs, server);
      balancer.settled(at, server, outcome, tookMs);
    },
  };
};

describe('least time', () => {
  it('takes the faster server, and a busier one only while it is so much faster', () => {
    const { pick, send, answer } = fleet([1, 1]);
    answer(1000, 0, 30);
    answer(1000, 1, 100);
    // Steps of 20 ms: 40 against 120, then 80, then 120 (a tie), then 160.
    const picks = [];
    for (let k = 0; k < 4; k++) {
      const server = pick(1000);
      picks.push(server);
      send(1000, server);
    }
    expect(picks).toEqual([0, 0, 0, 1]);
  });

  it('takes times within one step of 20 ms for equal, and gives them turns by weight', () => {
    const { pick, answer } = fleet([1, 1, 1]);
    answer(1000, 0, 1);
    answer(1000, 1, 10);
    answer(1000, 2, 19);
    expect([pick(1000), pick(1000), pick(1000), pick(1000)]).toEqual([0, 1, 2, 0]);
  });

  it('divides by the weight', () => {
    const { pick, answer } = fleet([1, 3]);
    answer(1000, 0, 45);
    answer(1000, 1, 170);
    // 60 against 180 / 3.
    expect([pick(1000), pick(1000), pick(1000), pick(1000)]).toEqual([1, 0, 1, 1]);
  });

  it('averages: 19 parts old, 1 part new', () => {
    const { pick, answer } = fleet([1, 1]);
    answer(1000, 0, 100);
    answer(1000, 0, 1000);
    answer(1000, 1, 139);
    // 145 is the step to 160, 139 that to 140.
    expect([pick(1000), pick(1000)]).toEqual([1, 1]);
  });

  it('counts times above 5 s as 5 s', () => {
    const { pick, send, end } = fleet([1, 1]);
    for (const [server, tookMs] of [50_000, 6000].entries()) {
      send(60_000, server);
      end(60_000, server, tookMs);
    }
    expect([pick(60_000), pick(60_000)]).toEqual([0, 1]);
  });

  it('halves the time of a server not picked for 10 s, and again, until it is tried', () => {
    const { pick, answer } = fleet([1, 1]);
    answer(1000, 0, 150);
    const favourite = (at: number) => {
      answer(at, 1, 50);
      return pick(at);
    };
    expect(favourite(11_000)).toBe(1);
    // 75 ms (step 80) against 50 (step 60), then 37 (step 40).
    expect(favourite(12_000)).toBe(1);
    expect(favourite(21_000)).toBe(1);
    expect(favourite(22_000)).toBe(0);
  });

  it('learns nothing from a call that got no answer, and much from a fast error, as it is known to', () => {
    const { pick, answer } = fleet([1, 1]);
    answer(1000, 0, 50);
    answer(1000, 1, 100);
    answer(2000, 1, 1, 'refused');
    expect(pick(2000)).toBe(0);
    for (let k = 0; k < 60; k++) answer(2000, 1, 1, 'http-5xx');
    expect(pick(2000)).toBe(1);
  });

  it('with `inflight` notices a server that hangs before its call ends', () => {
    for (const inflight of [false, true]) {
      const { pick, send, answer } = fleet([1, 1], inflight);
      answer(1000, 0, 30);
      answer(1000, 1, 50);
      send(1000, 0);
      // 40 * 2 against 60, so server 1 comes first; with a call there it is 80 against 120 until the wait shows.
      expect(pick(1000)).toBe(1);
      send(1000, 1);
      expect(pick(1000)).toBe(0);
      answer(1500, 1, 500);
      const picks = Array.from({ length: 100 }, (_, k) => pick(2000 + 10 * k));
      expect(picks.at(-1)).toBe(inflight ? 1 : 0);
    }
  });
});
