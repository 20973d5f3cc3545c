import { describe, expect, it } from 'vitest';
import { sequential } from '../../../src/core/rng.ts';
import { PeakEwma, type PeakEwmaOptions } from '../../../src/policies/balancer/peak-ewma.ts';
import { Arena } from '../../contracts/balancer-arena.ts';

const make = (variant: PeakEwmaOptions['variant'], servers = 2): PeakEwma => {
  const balancer = new PeakEwma({ variant, decay: 10_000, rtt: null }, sequential(1, 'peak-ewma'));
  for (let server = 0; server < servers; server++) balancer.joined(0, server);
  return balancer;
};

const answer = (balancer: PeakEwma, at: number, server: number, tookMs: number): void => {
  balancer.sent(at, server);
  balancer.settled(at, server, 'ok', tookMs);
};

describe('finagle', () => {
  it('costs latency times calls in flight and one', () => {
    const balancer = make('finagle');
    answer(balancer, 1000, 0, 20);
    for (let call = 0; call < 5; call++) balancer.sent(1000, 0);
    expect(balancer.cost(1000, 0)).toBe(120);
  });

  it('jumps up with one slow answer and comes down with time', () => {
    const balancer = make('finagle');
    answer(balancer, 1000, 0, 20);
    answer(balancer, 1001, 0, 500);
    expect(balancer.cost(1001, 0)).toBe(500);
    answer(balancer, 1002, 0, 20);
    expect(balancer.cost(1002, 0)).toBeGreaterThan(499);
    expect(balancer.cost(11_002, 0)).toBeLessThan(0.37 * 500);
  });

  it('gives a new server one call until it is measured', () => {
    const balancer = make('finagle', 1);
    answer(balancer, 1000, 0, 400);
    const arena = new Arena(balancer, [0]);
    arena.join(1);
    expect(arena.call()).toBe(1);
    for (let call = 0; call < 50; call++) expect(arena.call()).toBe(0);
    arena.settle(0);
    expect(arena.call()).toBe(1);
  });
});

describe('finagle in the original', () => {
  /** PeakEwma.scala: `get` is `observe(0)`, so each look at a cost is a sample and moves the time of the last one. */
  class Original {
    cost = 0;
    #stamp = 0;

    observe(now: number, rtt: number): void {
      const kept = Math.exp(-(now - this.#stamp) / 10_000);
      this.cost = rtt > this.cost ? rtt : this.cost * kept + rtt * (1 - kept);
      this.#stamp = now;
    }
  }

  /** What is left of a peak of 1 s after 20 s of answers of 60 and 140 ms, each of which comes after so many looks. */
  const left = (observe: (now: number, rtt: number) => void, looks: number): void => {
    observe(0, 1000);
    for (let at = 200; at <= 20_000; at += 200) {
      for (let look = looks; look > 0; look--) observe(at - (200 * look) / (looks + 1), 0);
      observe(at, at % 400 === 0 ? 140 : 60);
    }
  };
  const leftThere = (looks: number): number => {
    const original = new Original();
    left((now, rtt) => original.observe(now, rtt), looks);
    return original.cost;
  };

  it('forgets a peak sooner, the more often the server is looked at; unlooked at, just as it does here', () => {
    const balancer = make('finagle');
    left((now, rtt) => answer(balancer, now, 0, rtt), 0);
    const here = balancer.cost(20_000, 0);
    expect(here).toBeCloseTo(222, 0);
    expect(leftThere(0)).toBeCloseTo(here, 9);
    expect([leftThere(1), leftThere(10)].map(Math.round)).toEqual([179, 143]);
  });
});

describe('linkerd', () => {
  it('takes 30 ms for a server without history, less as time goes by', () => {
    const balancer = make('linkerd');
    expect(balancer.cost(0, 0)).toBe(30);
    expect(balancer.cost(10_000, 0)).toBeCloseTo(30 / Math.E, 12);
    balancer.sent(10_000, 0);
    expect(balancer.cost(10_000, 0)).toBeCloseTo(60 / Math.E, 12);
  });

  it('starts to forget when the server joins, not when the run began', () => {
    const balancer = make('linkerd', 0);
    balancer.joined(60_000, 0);
    expect(balancer.cost(60_000, 0)).toBe(30);
  });
});

describe('envoy', () => {
  it('has no jump: a slow answer is averaged in by the time since the last', () => {
    const balancer = make('envoy');
    answer(balancer, 1000, 0, 20);
    answer(balancer, 2000, 0, 520);
    expect(balancer.cost(2000, 0)).toBeCloseTo(20 + 500 * (1 - Math.exp(-0.1)), 9);
  });

  it('never forgives a server that was slow once, however long ago', () => {
    const balancer = make('envoy');
    answer(balancer, 1000, 0, 500);
    answer(balancer, 1000, 1, 20);
    const arena = new Arena(balancer, [0, 1]);
    expect(balancer.cost(3_600_000, 0)).toBe(500);
    expect([...arena.tally(1000).keys()]).toEqual([1]);
  });

  it('puts a server that has calls out and no answer behind all others', () => {
    const balancer = make('envoy');
    expect(balancer.cost(0, 0)).toBe(10);
    balancer.sent(0, 0);
    expect(balancer.cost(0, 0)).toBe(1_000_001);
  });
});

it('sends most calls to a server that fails fast: the sinkhole', () => {
  const balancer = make('finagle', 0);
  const arena = new Arena(balancer, [0, 1, 2, 3]);
  let sunk = 0;
  for (let at = 0; at < 1000; at++) {
    const server = balancer.pick(at, REQUEST, arena.candidates);
    balancer.sent(at, server);
    balancer.settled(at, server, server === 0 ? 'refused' : 'ok', server === 0 ? 0.1 : 50);
    if (server === 0) sunk++;
  }
  // With four servers every second pair holds server 0, and it wins each.
  expect(sunk / 1000).toBeGreaterThan(0.4);
});

const REQUEST = {} as never;
